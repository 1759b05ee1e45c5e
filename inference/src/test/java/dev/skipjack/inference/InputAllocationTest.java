package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.skipjack.inference.decoder.Decoder;
import dev.skipjack.inference.decoder.ForwardPass;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.feedforward.ResolvedMethod;
import dev.skipjack.inference.input.InputSparsity;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.architecture.Architectures;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A token allocates nothing, on any worker, where inputs are left out. */
class InputAllocationTest {
  private static final int CONTEXT = 64;

  /** The interpreter allocates what compilers do without, and they may be far behind. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @CsvSource({"teal, ", "wina, ", "wina, 0.5", "r-sparse, "})
  void aTokenAllocatesNothing(String method, Float number, @TempDir Path directory) {
    // Scalar kernels: those of the Vector API allocate until they are compiled.
    var kernels = KernelProviders.create("scalar");
    List<Float> parameters = number == null ? List.of() : List.of(number);
    try (GgufFile file = GgufFile.open(CalibratedLlama.golden(directory, method));
        ThreadTeam team = new ThreadTeam(3)) {
      var spec = Architectures.describe(file);
      List<ResolvedMethod> methods =
          Collections.nCopies(spec.layers().size(), new ResolvedMethod(method, parameters));
      try (InputSparsity maps = InputSparsity.of(kernels, file, spec, methods, team);
          FeedForwards networks = FeedForwards.dense(kernels, maps, spec);
          ForwardPass pass =
              new ForwardPass(
                  "test",
                  new Decoder(kernels, spec, maps, networks),
                  kernels,
                  TensorType.F32,
                  team,
                  4,
                  CONTEXT)) {
        int[] tokens = {5};
        feed(pass, tokens);
        long[] workers = workers();
        // The JVM itself allocates now and then on any thread; a token's cost shows every time.
        long least = Long.MAX_VALUE;
        long start = System.nanoTime();
        while (least > 0 && System.nanoTime() - start < PATIENCE) {
          long[] before = THREADS.getThreadAllocatedBytes(workers);
          long lead = THREADS.getCurrentThreadAllocatedBytes();
          feed(pass, tokens);
          lead = THREADS.getCurrentThreadAllocatedBytes() - lead;
          long[] after = THREADS.getThreadAllocatedBytes(workers);
          least = Math.min(least, lead + LongStream.of(after).sum() - LongStream.of(before).sum());
        }
        assertThat(least).isZero();
      }
    }
  }

  private static void feed(ForwardPass pass, int[] tokens) {
    for (int position = 0; position < CONTEXT; position++) {
      pass.feed(tokens, 0, 1, position, false, true);
    }
  }

  private static long[] workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("skipjack-worker-"))
        .mapToLong(Thread::threadId)
        .toArray();
  }
}
