package dev.skipjack.kernels.activation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A vector that the compiler fails to keep in a register is allocated, so the absence of garbage
 * once compiled is what shows that each formula was inlined into its loop. All run in one JVM, so
 * that a call site shared between them would be noticed.
 */
class ActivationAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 20;

  /** Takes a second at most, unless a busy machine leaves the compiler no time. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  static List<Activation> activations() {
    List<Activation> all =
        new ArrayList<>(
            ActivationCase.all().stream()
                .map(c -> ActivationRegistry.vector(c.name(), c.parameters()))
                .toList());
    all.add(ActivationRegistry.vector("polynorm", 0, 1, 1, 1));
    return all;
  }

  @ParameterizedTest
  @MethodSource("activations")
  void allocatesNothingOnceCompiled(Activation activation) {
    assertSettlesAtZero(activation, new float[4_097]);
  }

  /** Fewer values than a vector has lanes. */
  @ParameterizedTest
  @MethodSource("activations")
  void allocatesNothingForAFewValues(Activation activation) {
    assertSettlesAtZero(activation, new float[3 + 3]);
  }

  private static void assertSettlesAtZero(Activation activation, float[] x) {
    // Time on the processor: a machine that is busy elsewhere must not decide.
    long start = THREADS.getCurrentThreadCpuTime();
    long allocated;
    do {
      allocated = allocatedBy(activation, x);
    } while (allocated > 0 && THREADS.getCurrentThreadCpuTime() - start < PATIENCE);
    assertThat(allocated).as("bytes in %d calls", ROUNDS).isZero();
  }

  private static long allocatedBy(Activation activation, float[] x) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ROUNDS; i++) {
      activation.apply(x, i % 3, x.length - 3);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
