package dev.skipjack.bench.kernels;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.PackedRows;
import dev.skipjack.kernels.Rows;
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
 * Single rows of packed matrices on one thread. There are so many rows that no cache holds them:
 * what counts is how soon a row that nobody expected arrives.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PackedRowsBenchmark {
  private static final int TOKENS = 256;
  private static final int SOME_ROWS = 1024;

  @Param({"Q8_0", "Q4_0"})
  private TensorType type;

  @Param("131072")
  private int rows;

  @Param({"2048", "4096"})
  private int cols;

  @Param("0.1")
  private double density;

  private Arena arena;
  private Rows matrix;
  private Matrix whole;
  private Activations input;
  private int[] active;
  private float[] output;
  private float[] coefficients;
  private float[] sum;
  private Activations prompt;
  private float[] results;

  /** What calls read, in gigabytes per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /** Bytes of weights, in units of 10^9. */
    public double gigabytes;

    @Setup(Level.Iteration)
    public void reset() {
      gigabytes = 0;
    }

    void add(Rows matrix, int count) {
      gigabytes += (double) count * matrix.byteSize() / matrix.rows() / 1e9;
    }
  }

  @Setup
  public void prepare() {
    KernelProvider kernels = KernelProviders.create("vector");
    RandomTensors random = new RandomTensors();
    arena = Arena.ofShared();
    Tensor tensor = random.matrix(arena, type, rows, cols);
    PackedRows layout = kernels.packedRows(tensor).orElseThrow();
    MemorySegment copy = arena.allocate(layout.byteSize(), 64);
    layout.pack(copy, 0, rows);
    matrix = layout.over(copy);
    whole = matrix.whole().orElseGet(() -> kernels.matrix(tensor));
    input = random.activations(1, cols);
    kernels.floats().quantize(input, 0, 1);
    active = random.rows(rows, density);
    output = new float[active.length];
    coefficients = random.floats(active.length);
    sum = new float[cols];
    prompt = random.activations(TOKENS, cols);
    kernels.floats().quantize(prompt, 0, TOKENS);
    results = new float[TOKENS * SOME_ROWS];
  }

  @TearDown
  public void free() {
    arena.close();
  }

  @Benchmark
  public float[] multiplyRows(Work work) {
    matrix.multiplyRows(input, 0, active, 0, active.length, output, 0);
    work.add(matrix, active.length);
    return output;
  }

  /**
   * Many tokens with some of the rows, all of them: in integers where the layout serves them, and
   * else with the tensor's own bytes.
   */
  @Benchmark
  public float[] multiplyWhole() {
    whole.multiply(prompt, TOKENS, 0, SOME_ROWS, results, 0, SOME_ROWS);
    return results;
  }

  @Benchmark
  public float[] addRows(Work work) {
    matrix.addRows(coefficients, 0, active, active.length, 0, cols, sum, 0);
    work.add(matrix, active.length);
    return sum;
  }
}
