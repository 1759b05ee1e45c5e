package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.floats;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.scalar.ScalarFloatKernels;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Zeros, infinities and NaN among ordinary numbers: the same kind of result as scalar kernels. */
class AwkwardFloatsTest {
  private static final float TOLERANCE = 1e-5f;

  /** What a kernel does to {@code x}, given {@code y}. */
  private static final Map<String, Kernel> KERNELS =
      Map.ofEntries(
          Map.entry("axpy", (k, x, y, n) -> k.axpy(0.7f, y, 1, x, 3, n)),
          Map.entry("add", (k, x, y, n) -> k.add(y, 1, x, 3, n)),
          Map.entry("multiply", (k, x, y, n) -> k.multiply(y, 1, x, 3, n)),
          Map.entry("scale", (k, x, y, n) -> k.scale(-1.3f, x, 3, n)),
          Map.entry("dot", (k, x, y, n) -> x[3] = k.dot(x, 3, y, 1, n)),
          Map.entry("rmsNorm", (k, x, y, n) -> k.rmsNorm(x, 3, y, 1e-5f, x, 3, n)),
          Map.entry("layerNorm", (k, x, y, n) -> k.layerNorm(x, 3, y, y, 1e-5f, x, 3, n)),
          Map.entry("softmax", (k, x, y, n) -> k.softmax(x, 3, n)),
          Map.entry("max", (k, x, y, n) -> x[3] = k.max(x, 3, n)),
          Map.entry("exponentials", (k, x, y, n) -> x[2] = k.exponentials(0.5f, x, 3, n)),
          Map.entry("softcap", (k, x, y, n) -> k.softcap(0.4f, x, 3, n)),
          Map.entry("halves", (k, x, y, n) -> k.rotate(x, 3, y, y, 1, n / 2, true)),
          Map.entry("neighbours", (k, x, y, n) -> k.rotate(x, 3, y, y, 1, n / 2, false)));

  private final FloatKernels scalar = new ScalarFloatKernels();
  private final FloatKernels vector = new VectorFloatKernels();

  @Provide
  Arbitrary<Float> awkward() {
    return Arbitraries.of(
        0f,
        -0f,
        1f,
        -100f,
        200f,
        Float.MIN_VALUE,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY);
  }

  @Property(tries = 400, seed = "9", edgeCases = EdgeCasesMode.NONE)
  void kernelsAgreeWithScalar(
      @ForAll @IntRange(min = 1, max = 150) int length,
      @ForAll("awkward") float first,
      @ForAll("awkward") float second,
      @ForAll @IntRange(max = 149) int at,
      @ForAll @IntRange(max = 149) int also) {
    float[] x = floats(length + 5, 1);
    x[3 + at % length] = first;
    x[3 + also % length] = second;
    float[] y = floats(length + 5, 2);
    KERNELS.forEach(
        (name, kernel) -> {
          float[] expected = x.clone();
          float[] actual = x.clone();
          kernel.run(scalar, expected, y, length);
          kernel.run(vector, actual, y, length);
          for (int i = 0; i < x.length; i++) {
            assertThat(same(expected[i], actual[i]))
                .as("%s of %d at %d: %s and %s", name, length, i, expected[i], actual[i])
                .isTrue();
          }
        });
  }

  private static boolean same(float expected, float actual) {
    if (!Float.isFinite(expected)) {
      return Float.compare(expected, actual) == 0;
    }
    return Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
  }

  private interface Kernel {
    void run(FloatKernels kernels, float[] x, float[] y, int n);
  }
}
