package dev.skipjack.bench.kernels;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.PackedTensor;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
 * Row-interleaved copies of matrices beside the dot products of rows that they replace, and the
 * making of copies, on one thread. {@code -jvmArgsAppend -Dskipjack.vector.bits=256} measures
 * narrower vectors.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PackedMatrixBenchmark {
  @Param({"Q8_0", "Q4_0", "Q4_1", "Q4_K", "Q5_K", "Q6_K"})
  private TensorType type;

  @Param("32768")
  private int rows;

  @Param("2048")
  private int cols;

  private Arena arena;
  private Matrix plain;
  private PackedTensor layout;
  private MemorySegment copy;
  private Matrix packed;
  private Activations input;
  private float[] output;

  /** What calls read: billions of weights and gigabytes of the tensor per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /** In units of 10^9. */
    public double billionWeights;

    /** Bytes in the tensor's own layout, in units of 10^9. */
    public double gigabytes;

    @Setup(Level.Iteration)
    public void reset() {
      billionWeights = 0;
      gigabytes = 0;
    }

    void add(Matrix matrix) {
      double weights = (double) matrix.rows() * matrix.cols();
      billionWeights += weights / 1e9;
      gigabytes += matrix.type().byteSize((long) weights) / 1e9;
    }
  }

  @Setup
  public void prepare() {
    KernelProvider kernels = KernelProviders.create("vector");
    RandomTensors random = new RandomTensors();
    arena = Arena.ofShared();
    Tensor tensor = random.matrix(arena, type, rows, cols);
    plain = kernels.matrix(tensor);
    layout = kernels.packed(tensor).orElseThrow();
    layout.survey(0, layout.parts());
    copy = arena.allocate(layout.byteSize(), 64);
    layout.pack(copy, 0, layout.parts());
    packed = layout.matrix(copy);
    input = random.activations(1, cols);
    kernels.floats().quantize(input, 0, 1);
    output = new float[rows];
  }

  @TearDown
  public void free() {
    arena.close();
  }

  @Benchmark
  public float[] rowDot(Work work) {
    plain.multiply(input, 1, 0, rows, output, 0, rows);
    work.add(plain);
    return output;
  }

  @Benchmark
  public float[] packed(Work work) {
    packed.multiply(input, 1, 0, rows, output, 0, rows);
    work.add(plain);
    return output;
  }

  @Benchmark
  public MemorySegment pack(Work work) {
    layout.survey(0, layout.parts());
    layout.pack(copy, 0, layout.parts());
    work.add(plain);
    return copy;
  }
}
