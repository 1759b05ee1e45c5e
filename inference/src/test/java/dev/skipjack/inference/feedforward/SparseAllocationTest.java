package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.skipjack.inference.feedforward.LayerRun.Way;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Computing a token allocates nothing, on any worker. */
class SparseAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @CsvSource({
    "exact, , STAGES",
    "exact, , OWN_CHOICE",
    "predictor, , STAGES",
    "predictor, , MASKED",
    "sign, , STAGES",
    "topk, 20, STAGES",
    "reuse, 2, STAGES",
    "griffin, 0.5, STAGES"
  })
  void aTokenAllocatesNothing(String method, Float parameter, Way way) {
    // Scalar kernels: those of the Vector API allocate until they are compiled.
    var kernels = KernelProviders.create("scalar");
    List<Float> parameters = parameter == null ? List.of() : List.of(parameter);
    TestLayer layer = TestLayer.of(Form.GATED, "relu");
    try (LayerRun run = new LayerRun(kernels, layer, method, parameters, 3, way)) {
      run.step(0, 4, true);
      run.step(4, 1, false);
      // The JVM itself allocates now and then on any thread (linking, compiling); what a token
      // costs shows in every round.
      long[] workers = workers();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 10 && least > 0; round++) {
        long[] before = THREADS.getThreadAllocatedBytes(workers);
        long lead = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 50; i++) {
          run.repeat();
        }
        lead = THREADS.getCurrentThreadAllocatedBytes() - lead;
        long[] after = THREADS.getThreadAllocatedBytes(workers);
        least = Math.min(least, lead + LongStream.of(after).sum() - LongStream.of(before).sum());
      }
      assertThat(least).isZero();
    }
  }

  private static long[] workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("skipjack-worker-"))
        .mapToLong(Thread::threadId)
        .toArray();
  }
}
