package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.measure.PerplexityOptions;
import dev.skipjack.models.spec.ActivationSpec;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link SparsityMeasurement} measures.
 *
 * @param context tokens per window
 * @param tokens most tokens of the text to use; 0 for all
 * @param cett target of the cumulative error of tail truncation, above 0 and below 1
 * @param lossPercent by how much the perplexity may rise for PPL-p%; 0 to leave that out
 * @param selection a method that selects neurons before the gate, to be compared with those that
 *     fire
 * @param threads workers; 0 takes what the machine offers
 * @param activation replaces the feed-forward activation the file names or implies
 */
public record SparsityOptions(
    int context,
    int tokens,
    double cett,
    double lossPercent,
    Optional<SparsityMode> selection,
    int threads,
    Optional<ActivationSpec> activation) {
  /** The target at which ReLU² Wins (arXiv 2402.03804) found models nearly unchanged. */
  public static final double USUAL_CETT = 0.2;

  private static final Set<String> SELECT_BEFORE_GATE = Set.of("predictor", "sign", "reuse");

  /**
   * @throws IllegalArgumentException if a number is out of range or the method does not select
   *     before the gate
   */
  public SparsityOptions {
    new PerplexityOptions(context, 0, tokens, false);
    if (!(cett > 0 && cett < 1)) {
      throw new IllegalArgumentException(
          "CETT: found %s, expected a number above 0 and below 1".formatted(cett));
    }
    if (!(lossPercent >= 0 && lossPercent <= 1000)) {
      throw new IllegalArgumentException(
          "perplexity loss: found %s, expected a percentage of 0 to 1000".formatted(lossPercent));
    }
    if (selection.isPresent() && !selectsBeforeGate(selection.get())) {
      throw new IllegalArgumentException(
          "%s does not choose neurons before their gates: nothing to compare; use predictor, sign or reuse"
              .formatted(selection.get()));
    }
  }

  /** How the text is cut and scored. */
  public PerplexityOptions windows() {
    return new PerplexityOptions(context, 0, tokens, false);
  }

  /** Whether a mode has a selection to compare. */
  public static boolean selectsBeforeGate(SparsityMode mode) {
    return mode.isUniform() && SELECT_BEFORE_GATE.contains(mode.method());
  }
}
