package dev.skipjack.bench.kernels;

import dev.skipjack.kernels.Channels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.PackedChannels;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Kept inputs of channel-major matrices on one thread. Matrices take turns, so many that no cache
 * holds them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PackedChannelsBenchmark {
  private static final int INPUTS = 2048;
  private static final long BYTES = 256L << 20;

  @Param({"Q8_0", "Q4_0"})
  private TensorType type;

  @Param({"2048", "8192"})
  private int outputs;

  @Param({"0.25", "0.5"})
  private double density;

  private Arena arena;
  private List<Channels> matrices;
  private int next;
  private int[] kept;
  private float[] values;
  private float[] output;

  /** What calls read, in gigabytes per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /** Bytes of weights and scales, in units of 10^9. */
    public double gigabytes;

    @Setup(Level.Iteration)
    public void reset() {
      gigabytes = 0;
    }
  }

  @Setup
  public void prepare() {
    KernelProvider kernels = KernelProviders.create("vector");
    RandomTensors random = new RandomTensors();
    arena = Arena.ofShared();
    matrices = new ArrayList<>();
    long bytes = type.byteSize((long) outputs * INPUTS);
    for (int i = 0; i < BYTES / bytes; i++) {
      try (Arena original = Arena.ofShared()) {
        PackedChannels layout =
            kernels.packedChannels(random.matrix(original, type, outputs, INPUTS)).orElseThrow();
        MemorySegment copy = arena.allocate(layout.byteSize(), 64);
        layout.survey(0, layout.parts());
        layout.pack(copy, 0, layout.parts());
        matrices.add(layout.over(copy));
      }
    }
    kept = random.rows(INPUTS, density);
    values = random.floats(kept.length);
    output = new float[outputs];
  }

  @TearDown
  public void free() {
    arena.close();
  }

  @Benchmark
  public float[] multiply(Work work) {
    next = (next + 1) % matrices.size();
    Channels matrix = matrices.get(next);
    matrix.multiply(values, kept, 0, kept.length, 0, outputs, output);
    work.gigabytes += matrix.bytes(kept, kept.length) / 1e9;
    return output;
  }
}
