package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.TestTensors;
import dev.skipjack.kernels.scalar.ScalarFloatKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the scalar kernels. */
class VectorFloatKernelsTest {
  static final List<Integer> SIZES = TestTensors.SIZES;

  private static final float[] NO_BIAS = {};

  /** What a kernel does to {@code y}, given {@code x}, each {@code n} values from an odd offset. */
  private static final Map<String, Kernel> KERNELS =
      Map.of(
          "axpy", (k, x, y, n) -> k.axpy(0.7f, x, 1, y, 3, n),
          "add", (k, x, y, n) -> k.add(x, 1, y, 3, n),
          "multiply", (k, x, y, n) -> k.multiply(x, 1, y, 3, n),
          "scale", (k, x, y, n) -> k.scale(-1.3f, y, 3, n),
          "rmsNorm", (k, x, y, n) -> k.rmsNorm(y, 3, x, 1e-5f, y, 3, n),
          "layerNorm", (k, x, y, n) -> k.layerNorm(y, 3, x, x, 1e-5f, y, 3, n),
          "layerNorm without bias", (k, x, y, n) -> k.layerNorm(x, 1, x, NO_BIAS, 1e-5f, y, 3, n),
          "softmax", (k, x, y, n) -> k.softmax(y, 3, n),
          "softcap", (k, x, y, n) -> k.softcap(0.4f, y, 3, n));

  private final FloatKernels scalar = new ScalarFloatKernels();
  private final FloatKernels vector = new VectorFloatKernels();

  @ParameterizedTest
  @FieldSource("SIZES")
  void agreeWithScalar(int n) {
    float[] x = floats(n + 8, 1);
    float[] y = floats(n + 8, 2);
    KERNELS.forEach(
        (name, kernel) -> {
          float[] expected = y.clone();
          float[] actual = y.clone();
          kernel.run(scalar, x, expected, n);
          kernel.run(vector, x, actual, n);
          assertThat(actual).as(name).containsExactly(expected, within(3e-6f));
        });
  }

  @ParameterizedTest
  @FieldSource("SIZES")
  void dotAgreesWithScalar(int n) {
    float[] x = floats(n + 8, 1);
    float[] y = floats(n + 8, 2);
    assertThat(vector.dot(x, 1, y, 3, n)).isCloseTo(scalar.dot(x, 1, y, 3, n), within(1e-5f * n));
  }

  @ParameterizedTest
  @FieldSource("SIZES")
  void maximaAreThoseOfEachRow(int n) {
    int rows = 7;
    float[] x = floats(3 + rows * (n + 2), 6);
    float[] maxima = new float[rows + 2];
    vector.maxima(x, 3, n + 2, rows, n, maxima, 1);
    assertThat(maxima[0]).isZero();
    assertThat(maxima[rows + 1]).isZero();
    for (int r = 0; r < rows; r++) {
      assertThat(maxima[1 + r]).isEqualTo(scalar.max(x, 3 + r * (n + 2), n));
    }
    x[3 + 2 * (n + 2) + n - 1] = Float.NaN;
    vector.maxima(x, 3, n + 2, rows, n, maxima, 1);
    assertThat(maxima[2]).isNotNaN();
    assertThat(maxima[3]).isNaN();
    assertThat(maxima[4]).isNotNaN();
  }

  /** In two parts, the second with larger values in some rows, and in one. */
  @ParameterizedTest
  @FieldSource("SIZES")
  void softmaxesThatGoOnAreTheSame(int n) {
    int rows = 5;
    int stride = 2 * n + 1;
    float[] x = floats(rows * stride, 8);
    for (FloatKernels kernels : List.of(scalar, vector)) {
      float[] parts = x.clone();
      float[] maxima = new float[rows + 1];
      float[] totals = new float[rows + 1];
      float[] shrunk = new float[rows + 1];
      Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
      kernels.continueSoftmax(parts, 0, stride, rows, n, 1, maxima, totals, shrunk);
      kernels.continueSoftmax(parts, n, stride, rows, n, 1, maxima, totals, shrunk);
      assertThat(totals[0]).isZero();
      for (int r = 0; r < rows; r++) {
        float[] whole = Arrays.copyOfRange(x, r * stride, r * stride + 2 * n);
        scalar.softmax(whole, 0, 2 * n);
        for (int i = 0; i < 2 * n; i++) {
          float weight = parts[r * stride + i] * (i < n ? shrunk[1 + r] : 1) / totals[1 + r];
          assertThat(weight).isCloseTo(whole[i], within(1e-5f));
        }
        assertThat(parts[r * stride + 2 * n]).isEqualTo(x[r * stride + 2 * n]);
      }
    }
  }

  @Test
  void softmaxesThatSawNothingYetWeighNothing() {
    float[] x = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 2, 2};
    float[] maxima = {Float.NEGATIVE_INFINITY};
    float[] totals = new float[1];
    float[] shrunk = new float[1];
    vector.continueSoftmax(x, 0, 4, 1, 2, 0, maxima, totals, shrunk);
    assertThat(x).startsWith(0, 0);
    assertThat(totals[0]).isZero();
    vector.continueSoftmax(x, 2, 4, 1, 2, 0, maxima, totals, shrunk);
    assertThat(x).containsExactly(0, 0, 1, 1);
    assertThat(totals[0]).isEqualTo(2);
    assertThat(shrunk[0]).isZero();
  }

  @ParameterizedTest
  @FieldSource("SIZES")
  void rotationAgreesWithScalar(int pairs) {
    float[] cos = floats(pairs + 2, 3);
    float[] sin = floats(pairs + 2, 4);
    for (boolean halves : new boolean[] {true, false}) {
      float[] expected = floats(2 * pairs + 5, 5);
      float[] actual = expected.clone();
      scalar.rotate(expected, 3, cos, sin, 2, pairs, halves);
      vector.rotate(actual, 3, cos, sin, 2, pairs, halves);
      assertThat(actual).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @FieldSource("SIZES")
  void argmaxIsTheSame(int n) {
    float[] x = floats(n + 3, 6);
    assertThat(vector.argmax(x, 3, n)).isEqualTo(scalar.argmax(x, 3, n));
    x[3 + n / 2] = 2;
    x[3 + n - 1] = 2;
    x[3] = Float.NaN;
    assertThat(vector.argmax(x, 3, n)).isEqualTo(scalar.argmax(x, 3, n));
    Arrays.fill(x, Float.NaN);
    assertThat(vector.argmax(x, 3, n)).isZero();
    x[3 + n - 1] = Float.NEGATIVE_INFINITY;
    assertThat(vector.argmax(x, 3, n)).isEqualTo(n - 1);
  }

  @ParameterizedTest
  @FieldSource("SIZES")
  void quantsAreTheSame(int cols) {
    checkQuants(activations(2, cols, 7), activations(2, cols, 7));
  }

  static Stream<Arguments> awkwardValues() {
    return Stream.of(
        Arguments.of("zeros", new float[] {0, -0f}),
        Arguments.of("ties", new float[] {127, 0.5f, -0.5f, 1.5f, -2.5f, 126.5f, -126.5f}),
        Arguments.of("just below a tie", new float[] {127, Math.nextDown(0.5f)}),
        Arguments.of("subnormal scale", new float[] {190 * Float.MIN_VALUE, -Float.MIN_VALUE}),
        Arguments.of("NaN", new float[] {1, Float.NaN, -2}),
        Arguments.of("infinity", new float[] {1, Float.NEGATIVE_INFINITY, -2}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("awkwardValues")
  void awkwardQuantsAreTheSame(String name, float[] values) {
    var expected = new Activations(1, 70);
    var actual = new Activations(1, 70);
    for (Activations a : List.of(expected, actual)) {
      System.arraycopy(values, 0, a.values(), 33, values.length);
      System.arraycopy(values, 0, a.values(), 63, values.length);
    }
    checkQuants(expected, actual);
  }

  private void checkQuants(Activations expected, Activations actual) {
    scalar.quantize(expected, 0, expected.tokens());
    vector.quantize(actual, 0, actual.tokens());
    assertThat(actual.scales()).containsExactly(expected.scales());
    assertThat(actual.quants()).containsExactly(expected.quants());
    assertThat(actual.sums()).containsExactly(expected.sums());
  }

  @Test
  void softmaxOfMaskedAndExtremeLogits() {
    float[] x = new float[19];
    Arrays.fill(x, Float.NEGATIVE_INFINITY);
    x[0] = 1000;
    x[18] = 1000;
    vector.softmax(x, 0, 19);
    assertThat(x[0]).isEqualTo(0.5f);
    assertThat(x[18]).isEqualTo(0.5f);
    assertThat(Arrays.copyOfRange(x, 1, 18)).containsOnly(0);
    float[] poisoned = {0, Float.NaN, 1};
    vector.softmax(poisoned, 0, 3);
    assertThat(poisoned).containsOnly(Float.NaN);
  }

  @Test
  void rangesOutOfBoundsAreRefused() {
    float[] three = new float[3];
    assertThatThrownBy(() -> vector.dot(three, 1, three, 0, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> vector.rotate(three, 0, three, three, 0, 2, true))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> vector.quantize(new Activations(1, 3), 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private interface Kernel {
    void run(FloatKernels kernels, float[] x, float[] y, int n);
  }
}
