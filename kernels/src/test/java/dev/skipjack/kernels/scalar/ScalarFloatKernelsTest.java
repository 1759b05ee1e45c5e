package dev.skipjack.kernels.scalar;

import static dev.skipjack.kernels.TestTensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.TestTensors;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Against the formulas in double. */
class ScalarFloatKernelsTest {
  static final List<Integer> SIZES = TestTensors.SIZES;
  private static final int AT = 3;

  private final FloatKernels kernels = new ScalarFloatKernels();

  @ParameterizedTest
  @FieldSource("SIZES")
  void dot(int n) {
    float[] x = floats(n + AT, 1);
    float[] y = floats(n + AT, 2);
    double expected = sum(n, i -> (double) x[AT + i] * y[1 + i]);
    assertThat((double) kernels.dot(x, AT, y, 1, n)).isCloseTo(expected, within(1e-7 * n));
  }

  @ParameterizedTest
  @FieldSource("SIZES")
  void elementwise(int n) {
    float[] x = floats(n + AT, 1);
    float[] y = floats(n + AT, 2);
    float[] axpy = y.clone();
    kernels.axpy(0.7f, x, AT, axpy, 1, n);
    check(n, axpy, 1, i -> y[1 + i] + (double) 0.7f * x[AT + i]);
    float[] sum = y.clone();
    kernels.add(x, AT, sum, 1, n);
    check(n, sum, 1, i -> (double) y[1 + i] + x[AT + i]);
    float[] product = y.clone();
    kernels.multiply(x, AT, product, 1, n);
    check(n, product, 1, i -> (double) y[1 + i] * x[AT + i]);
    float[] scaled = x.clone();
    kernels.scale(-3, scaled, AT, n);
    check(n, scaled, AT, i -> -3.0 * x[AT + i]);
    assertThat(scaled).startsWith(x[0], x[1], x[2]);
  }

  @ParameterizedTest
  @FieldSource("SIZES")
  void norms(int n) {
    float[] x = floats(n + AT, 1);
    float[] weight = floats(n, 2);
    float[] bias = floats(n, 3);
    double rms = Math.sqrt(sum(n, i -> (double) x[AT + i] * x[AT + i]) / n + 1e-5);
    float[] out = new float[n + 1];
    kernels.rmsNorm(x, AT, weight, 1e-5f, out, 1, n);
    check(n, out, 1, i -> weight[i] * x[AT + i] / rms);

    double mean = sum(n, i -> x[AT + i]) / n;
    double deviation = Math.sqrt(sum(n, i -> Math.pow(x[AT + i] - mean, 2)) / n + 1e-5);
    kernels.layerNorm(x, AT, weight, bias, 1e-5f, out, 1, n);
    check(n, out, 1, i -> weight[i] * (x[AT + i] - mean) / deviation + bias[i]);
    float[] inPlace = x.clone();
    kernels.layerNorm(inPlace, AT, weight, new float[0], 1e-5f, inPlace, AT, n);
    check(n, inPlace, AT, i -> weight[i] * (x[AT + i] - mean) / deviation);
  }

  @ParameterizedTest
  @FieldSource("SIZES")
  void softmaxAndSoftcap(int n) {
    float[] x = floats(n + AT, 1);
    kernels.scale(20, x, 0, n + AT);
    double sum = sum(n, i -> Math.exp(x[AT + i]));
    float[] probabilities = x.clone();
    kernels.softmax(probabilities, AT, n);
    check(n, probabilities, AT, i -> Math.exp(x[AT + i]) / sum);
    float[] capped = x.clone();
    kernels.softcap(5, capped, AT, n);
    check(n, capped, AT, i -> 5 * Math.tanh(x[AT + i] / 5.0));
  }

  @Test
  void anEmptySoftmaxChangesNothing() {
    float[] x = {1, 2};
    kernels.softmax(x, 1, 0);
    assertThat(x).containsExactly(1, 2);
  }

  @Test
  void rotationTurnsEachPairByItsAngle() {
    float[] cos = {9, (float) Math.cos(0.5), (float) Math.cos(2)};
    float[] sin = {9, (float) Math.sin(0.5), (float) Math.sin(2)};
    float[] halves = {7, 1, 0, 0, 1, 7};
    kernels.rotate(halves, 1, cos, sin, 1, 2, true);
    assertThat(halves).containsExactly(7, cos[1], -sin[2], sin[1], cos[2], 7);
    float[] neighbours = {7, 1, 0, 0, 1, 7};
    kernels.rotate(neighbours, 1, cos, sin, 1, 2, false);
    assertThat(neighbours).containsExactly(7, cos[1], sin[1], -sin[2], cos[2], 7);
  }

  @Test
  void argmaxTakesTheFirstLargestNumber() {
    float nan = Float.NaN;
    assertThat(kernels.argmax(new float[] {9, 1, 3, 3, 2}, 1, 4)).isEqualTo(1);
    assertThat(kernels.argmax(new float[] {nan, 1, nan, 2}, 0, 4)).isEqualTo(3);
    assertThat(kernels.argmax(new float[] {nan, Float.NEGATIVE_INFINITY}, 0, 2)).isEqualTo(1);
    assertThat(kernels.argmax(new float[] {nan, nan}, 0, 2)).isZero();
    assertThatThrownBy(() -> kernels.argmax(new float[1], 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void quantsAreTheNearestMultiplesOfTheScaleTiesAwayFromZero() {
    var activations = new Activations(1, 34);
    float[] values = activations.values();
    values[0] = 127;
    values[1] = 0.5f;
    values[2] = -1.5f;
    values[3] = Math.nextDown(0.5f);
    values[4] = -126.5f;
    values[32] = -2;
    values[33] = 1;
    kernels.quantize(activations, 0, 1);
    assertThat(activations.scales()).containsExactly(1, 2f / 127);
    assertThat(activations.quants()).startsWith(127, 1, -2, 0, -127, 0);
    assertThat(activations.quants()[32]).isEqualTo((short) -127);
    assertThat(activations.quants()[33]).isEqualTo((short) 64);
    assertThat(activations.quants()[34]).isZero();
    assertThat(activations.sums()).containsExactly(-1, -63);
  }

  @Test
  void rangesOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> kernels.dot(new float[3], 1, new float[3], 0, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> kernels.softmax(new float[3], -1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static double sum(int n, IntToDoubleFunction term) {
    return IntStream.range(0, n).mapToDouble(term).sum();
  }

  private static void check(int n, float[] actual, int offset, IntToDoubleFunction expected) {
    for (int i = 0; i < n; i++) {
      double value = expected.applyAsDouble(i);
      assertThat((double) actual[offset + i])
          .isCloseTo(value, within(1e-6 * Math.max(1e-6, Math.abs(value)) + 2e-7));
    }
  }
}
