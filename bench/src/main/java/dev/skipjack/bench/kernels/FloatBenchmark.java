package dev.skipjack.bench.kernels;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProviders;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Kernels over float arrays, at the width of a residual and the length of a row of scores. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FloatBenchmark {
  private static final float EPSILON = 1e-5f;
  private static final float SOFTCAP = 30;

  @Param({"vector", "scalar"})
  private String provider;

  @Param({"2048", "4096"})
  private int length;

  private FloatKernels kernels;
  private float[] x;
  private float[] weight;
  private float[] output;
  private float[] rotated;
  private float[] cos;
  private float[] sin;
  private Activations activations;

  @Setup
  public void prepare() {
    RandomTensors random = new RandomTensors();
    kernels = KernelProviders.create(provider).floats();
    x = random.floats(length);
    weight = random.floats(length);
    output = new float[length];
    rotated = random.floats(length);
    cos = new float[length / 2];
    sin = new float[length / 2];
    for (int i = 0; i < length / 2; i++) {
      cos[i] = (float) Math.cos(i);
      sin[i] = (float) Math.sin(i);
    }
    activations = random.activations(1, length);
  }

  @Benchmark
  public float[] rmsNorm() {
    kernels.rmsNorm(x, 0, weight, EPSILON, output, 0, length);
    return output;
  }

  /** Copies its input first: softmax works in place. */
  @Benchmark
  public float[] softmax() {
    System.arraycopy(x, 0, output, 0, length);
    kernels.softmax(output, 0, length);
    return output;
  }

  /** Turns the same vector on and on: a rotation keeps its length. */
  @Benchmark
  public float[] rotateHalves() {
    kernels.rotate(rotated, 0, cos, sin, 0, length / 2, true);
    return rotated;
  }

  @Benchmark
  public float[] rotateNeighbours() {
    kernels.rotate(rotated, 0, cos, sin, 0, length / 2, false);
    return rotated;
  }

  @Benchmark
  public float[] softcap() {
    System.arraycopy(x, 0, output, 0, length);
    kernels.softcap(SOFTCAP, output, 0, length);
    return output;
  }

  @Benchmark
  public float dot() {
    return kernels.dot(x, 0, weight, 0, length);
  }

  @Benchmark
  public Activations quantize() {
    kernels.quantize(activations, 0, 1);
    return activations;
  }
}
