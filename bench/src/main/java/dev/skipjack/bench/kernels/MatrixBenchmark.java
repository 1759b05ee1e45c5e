package dev.skipjack.bench.kernels;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
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
 * Weight matrices on one thread: the product of generation (one token) and of prompts (several),
 * and the row-wise kernels of sparse feed-forward networks. The default shape is a feed-forward
 * matrix of Llama 3.2 1B, which no processor cache holds in full.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MatrixBenchmark {
  @Param({"vector", "scalar"})
  private String provider;

  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
  private TensorType type;

  @Param("8192")
  private int rows;

  @Param("2048")
  private int cols;

  @Param("32")
  private int promptTokens;

  @Param("0.1")
  private double density;

  private Arena arena;
  private RowMatrix matrix;
  private Activations input;
  private int[] activeRows;
  private float[] output;
  private float[] coefficients;
  private float[] sum;

  /** What calls work through: JMH prints billions of multiply-adds and gigabytes per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /** Multiply-adds, in units of 10^9. */
    public double billionMacs;

    /** Bytes of weights, in units of 10^9. */
    public double gigabytes;

    @Setup(Level.Iteration)
    public void reset() {
      billionMacs = 0;
      gigabytes = 0;
    }

    void add(RowMatrix matrix, int rows, int tokens) {
      billionMacs += (double) rows * matrix.cols() * tokens / 1e9;
      gigabytes += (double) rows * matrix.type().byteSize(matrix.cols()) / 1e9;
    }
  }

  @Setup
  public void prepare() {
    KernelProvider kernels = KernelProviders.create(provider);
    RandomTensors random = new RandomTensors();
    arena = Arena.ofShared();
    matrix = kernels.matrix(random.matrix(arena, type, rows, cols));
    input = random.activations(promptTokens, cols);
    if (matrix.input() == RowMatrix.Input.INT8_BLOCKS) {
      kernels.floats().quantize(input, 0, promptTokens);
    }
    activeRows = random.rows(rows, density);
    output = new float[promptTokens * rows];
    coefficients = random.floats(activeRows.length);
    sum = new float[cols];
  }

  @TearDown
  public void free() {
    arena.close();
  }

  @Benchmark
  public float[] matrixVector(Work work) {
    matrix.multiply(input, 1, 0, rows, output, 0, rows);
    work.add(matrix, rows, 1);
    return output;
  }

  @Benchmark
  public float[] matrixTokens(Work work) {
    matrix.multiply(input, promptTokens, 0, rows, output, 0, rows);
    work.add(matrix, rows, promptTokens);
    return output;
  }

  @Benchmark
  public float[] multiplyRows(Work work) {
    matrix.multiplyRows(input, 0, activeRows, 0, activeRows.length, output, 0);
    work.add(matrix, activeRows.length, 1);
    return output;
  }

  @Benchmark
  public float[] addRows(Work work) {
    matrix.addRows(coefficients, 0, activeRows, activeRows.length, 0, cols, sum, 0);
    work.add(matrix, activeRows.length, 1);
    return sum;
  }
}
