package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.scalar.ScalarFloatKernels;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Small dense products, against sums in double. */
class ProductsTest {
  private final FloatKernels scalar = new ScalarFloatKernels();
  private final FloatKernels vector = new VectorFloatKernels();

  @Property(tries = 300, seed = "5")
  void bothProvidersAgreeWithDouble(
      @ForAll @IntRange(min = 0, max = 11) int rows,
      @ForAll @IntRange(min = 0, max = 70) int inner,
      @ForAll @IntRange(min = 0, max = 135) int cols) {
    int stride = inner + 3;
    float[] a = floats(2 + rows * stride, 1);
    float[] b = floats(1 + inner * cols, 2);
    float[] before = floats(5 + rows * cols, 3);
    float[] expected = before.clone();
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < cols; j++) {
        double sum = before[3 + r * cols + j];
        for (int k = 0; k < inner; k++) {
          sum += (double) a[2 + r * stride + k] * b[1 + k * cols + j];
        }
        expected[3 + r * cols + j] = (float) sum;
      }
    }
    for (FloatKernels kernels : new FloatKernels[] {scalar, vector}) {
      float[] actual = before.clone();
      kernels.addProduct(a, 2, stride, b, 1, actual, 3, rows, inner, cols);
      assertThat(actual).containsExactly(expected, within(2e-5f));
    }
  }

  @Property(tries = 100, seed = "6")
  void aRowIsTheSameAloneAndAmongOthers(
      @ForAll @IntRange(min = 1, max = 11) int rows,
      @ForAll @IntRange(min = 1, max = 70) int inner,
      @ForAll @IntRange(min = 1, max = 135) int cols) {
    float[] a = floats(rows * inner, 1);
    float[] b = floats(inner * cols, 2);
    float[] together = new float[rows * cols];
    float[] alone = new float[rows * cols];
    vector.addProduct(a, 0, inner, b, 0, together, 0, rows, inner, cols);
    for (int r = 0; r < rows; r++) {
      vector.addProduct(a, r * inner, inner, b, 0, alone, r * cols, 1, inner, cols);
    }
    assertThat(alone).containsExactly(together);
  }

  @Test
  void notANumberStaysInItsRowAndColumn() {
    int size = 67;
    float[] a = floats(size * size, 1);
    float[] b = floats(size * size, 2);
    a[5 * size + 9] = Float.NaN;
    b[7 * size + 66] = Float.POSITIVE_INFINITY;
    float[] c = new float[size * size];
    vector.addProduct(a, 0, size, b, 0, c, 0, size, size, size);
    for (int r = 0; r < size; r++) {
      float[] row = Arrays.copyOfRange(c, r * size, (r + 1) * size);
      for (int j = 0; j < size; j++) {
        assertThat(Float.isFinite(row[j])).isEqualTo(r != 5 && j != 66);
      }
    }
  }

  @Test
  void rangesOutOfBoundsAreRefused() {
    float[] six = new float[6];
    for (FloatKernels kernels : new FloatKernels[] {scalar, vector}) {
      for (Runnable call :
          new Runnable[] {
            () -> kernels.addProduct(six, 1, 3, six, 0, six, 0, 2, 3, 2),
            () -> kernels.addProduct(six, 0, 3, six, 1, six, 0, 2, 3, 2),
            () -> kernels.addProduct(six, 0, 3, six, 0, six, 3, 2, 3, 2),
            () -> kernels.addProduct(six, 0, 3, six, 0, six, 0, -1, 3, 2),
          }) {
        assertThatThrownBy(call::run).isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }
}
