package dev.skipjack.inference.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.PackingProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.LinearSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransposedLinearTest {
  private static final float SCALE = 0.8f;

  /** The last number tells how far coefficients that are rounded may be off. */
  @ParameterizedTest
  @CsvSource({
    "F32, 1, 84, 1e-5",
    "F32, 31, 84, 1e-5",
    "F32, 33, 1, 1e-5",
    "F32, 150, 84, 1e-5",
    "F32, 1111, 7, 1e-5",
    "F16, 513, 100, 1e-5",
    "BF16, 100, 513, 1e-5",
    "Q8_0, 5, 96, 1e-5",
    "Q8_0, 64, 512, 1e-5",
    "Q8_0, 545, 1184, 1e-5",
    "Q4_0, 7, 32, 3e-2",
    "Q4_0, 150, 544, 3e-2",
    "Q4_0, 1111, 1024, 3e-2",
    "Q4_K, 77, 768, 1e-5"
  })
  void aTokenIsTheSameWhoeverTakesItsRows(TensorType type, int rows, int cols, float tolerance) {
    Tensor weight = random(type, rows, cols);
    float[] x = floats(2, rows);
    float[] first = token(weight, x, 1);
    double[] expected = product(weight, x);
    double size = Math.sqrt(Arrays.stream(expected).map(y -> y * y).sum() / cols);
    float[] byRange = byRange(weight, x);
    for (int c = 0; c < cols; c++) {
      assertThat((double) first[c]).isCloseTo(expected[c], within(tolerance * (1 + size)));
      assertThat((double) first[c]).isCloseTo(byRange[c], within(1e-5 * (1 + size)));
    }
    for (int workers : new int[] {1, 2, 3}) {
      assertThat(token(weight, x, workers)).containsExactly(first);
    }
  }

  private static float[] token(Tensor weight, float[] x, int workers) {
    float[] y = floats(3, weight.cols());
    // What was there before must not matter.
    float[] sums = RowSum.newSums(weight.cols());
    Arrays.fill(sums, Float.NaN);
    try (ThreadTeam team = new ThreadTeam(workers);
        PackingProvider kernels = new PackingProvider(KernelProviders.get(), team)) {
      Linear map = map(kernels, weight);
      Activations input = input(x);
      team.run(worker -> map.applyToken(worker, input, sums, y));
    }
    return y;
  }

  private static float[] byRange(Tensor weight, float[] x) {
    float[] y = new float[weight.cols()];
    try (ThreadTeam team = new ThreadTeam(2);
        PackingProvider kernels = new PackingProvider(KernelProviders.get(), team)) {
      Linear map = map(kernels, weight);
      Activations input = input(x);
      team.run(worker -> map.apply(worker, input, 1, y, y.length));
    }
    return y;
  }

  private static double[] product(Tensor weight, float[] x) {
    int cols = weight.cols();
    double[] y = new double[cols];
    float[] values = weight.toFloats();
    float[] bias = bias(cols).toFloats();
    for (int c = 0; c < cols; c++) {
      for (int r = 0; r < x.length; r++) {
        y[c] += (double) values[r * cols + c] * x[r];
      }
      y[c] = SCALE * y[c] + bias[c];
    }
    return y;
  }

  private static Linear map(KernelProvider kernels, Tensor weight) {
    return Linear.transposed(
        kernels, new LinearSpec(weight, Optional.of(bias(weight.cols())), SCALE));
  }

  private static Activations input(float[] x) {
    Activations input = new Activations(1, x.length);
    System.arraycopy(x, 0, input.values(), 0, x.length);
    return input;
  }

  private static Tensor bias(int cols) {
    return tensor(TensorType.F32, floats(4, cols), cols);
  }

  private static Tensor random(TensorType type, int rows, int cols) {
    return tensor(type, floats(1, rows * cols), rows, cols);
  }

  private static Tensor tensor(TensorType type, float[] values, long... shape) {
    MemorySegment data = Arena.ofAuto().allocate(type.byteSize(values.length), Long.BYTES);
    type.codec().encode(values, 0, values.length, data, 0);
    return new Tensor("down_t", type, shape, data);
  }

  private static float[] floats(int seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() / 3;
    }
    return values;
  }
}
