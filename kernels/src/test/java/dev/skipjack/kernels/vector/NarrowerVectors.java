package dev.skipjack.kernels.vector;

import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips all tests of an execution that repeats them with narrower vectors, where its vectors are as
 * wide as those of the first execution. Registered for JUnit and jqwik as a service.
 */
public final class NarrowerVectors implements ExecutionCondition, SkipExecutionHook {
  /** Set where tests are repeated; {@link Species#PROPERTY} says at which width. */
  private static final String REPEATED = "skipjack.test.repeated";

  private static final boolean SKIPPED =
      Boolean.getBoolean(REPEATED) && Species.BITS >= Species.preferredBits();
  private static final String REASON =
      "vectors of %d bits are not narrower than the processor's own, of %d bits"
          .formatted(Species.BITS, Species.preferredBits());

  static {
    if (SKIPPED) {
      System.out.println("Skipped: " + REASON);
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return SKIPPED
        ? ConditionEvaluationResult.disabled(REASON)
        : ConditionEvaluationResult.enabled("");
  }

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    return SKIPPED ? SkipResult.skip(REASON) : SkipResult.doNotSkip();
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }
}
