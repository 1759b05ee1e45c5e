package dev.skipjack.kernels;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.floats;
import static dev.skipjack.kernels.TestTensors.tensor;
import static dev.skipjack.kernels.TestTensors.wholeBlocks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.loader.tensor.LittleEndian;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider's matrix of every type, against sums in double over the decoded weights. */
class MatrixTest {
  private static final int ROWS = 7;

  static Stream<Arguments> providersAndTypes() {
    return Stream.of("scalar", "vector")
        .map(KernelProviders::create)
        .flatMap(
            provider ->
                TestTensors.encodableTypes().stream()
                    .map(type -> Arguments.of(Named.of(provider.name(), provider), type)));
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void oneTokenOfEverySize(KernelProvider provider, TensorType type) {
    for (int cols : sizes(type)) {
      Tensor tensor = tensor(type, ROWS, cols, cols);
      Activations x = activations(1, cols, 3);
      float[] y = new float[ROWS + 2];
      provider.matrix(tensor).multiply(x, 1, 0, ROWS, y, 1, 0);
      checkProducts(tensor, x, 1, y, 1, 0);
      assertThat(y[0]).isZero();
      assertThat(y[ROWS + 1]).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void anyNumberOfTokensAndRows(KernelProvider provider, TensorType type) {
    for (int cols : new int[] {wholeBlocks(type, 37), wholeBlocks(type, 1100)}) {
      for (int tokens : new int[] {2, 3, 4, 5, 7, 9}) {
        Tensor tensor = tensor(type, ROWS, cols, cols);
        Activations x = activations(tokens, cols, 3);
        float[] y = new float[tokens * (ROWS + 2) + 3];
        provider.matrix(tensor).multiply(x, tokens, 0, ROWS, y, 3, ROWS + 2);
        checkProducts(tensor, x, tokens, y, 3, ROWS + 2);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void fromTheOtherSide(KernelProvider provider, TensorType type) {
    int tokens = 7;
    for (int rows : new int[] {1, 37, 300}) {
      int cols = wholeBlocks(type, 300);
      Tensor tensor = tensor(type, rows, cols, rows);
      RowMatrix matrix = provider.matrix(tensor);
      Activations x = activations(tokens, rows, 3);
      int stride = cols + 2;
      float[] y = new float[tokens * stride + 3];
      int cut = Math.min(cols, matrix.colStep());
      matrix.multiplyTransposed(x, tokens, 0, cut, y, 3, stride);
      matrix.multiplyTransposed(x, tokens, cut, cols, y, 3, stride);
      float[] weights = tensor.toFloats();
      for (int t = 0; t < tokens; t++) {
        for (int c = 0; c < cols; c++) {
          double expected = 0;
          double size = 1;
          for (int r = 0; r < rows; r++) {
            double term = (double) x.values()[t * rows + r] * weights[r * cols + c];
            expected += term;
            size += Math.abs(term);
          }
          assertThat((double) y[3 + t * stride + c])
              .as("%s %dx%d token %d column %d", type, rows, cols, t, c)
              .isCloseTo(expected, within(1e-6 * size));
        }
        assertThat(y[3 + t * stride + cols]).isZero();
      }
      assertThat(y[2]).isZero();
    }
    RowMatrix matrix = provider.matrix(tensor(type, 3, wholeBlocks(type, 300), 1));
    Activations x = activations(2, 4, 1);
    assertThatThrownBy(() -> matrix.multiplyTransposed(x, 2, 0, 64, new float[600], 0, 300))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from its other side multiplies inputs of 3 values, not 4");
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void splittingRowsOrTokensChangesNoBit(KernelProvider provider, TensorType type) {
    int cols = wholeBlocks(type, 1100);
    RowMatrix matrix = provider.matrix(tensor(type, ROWS, cols, 1));
    for (int tokens : new int[] {1, 6}) {
      Activations x = activations(tokens, cols, 3);
      float[] whole = new float[tokens * ROWS];
      float[] split = new float[tokens * ROWS];
      matrix.multiply(x, tokens, 0, ROWS, whole, 0, ROWS);
      for (int[] range : new int[][] {{5, 7}, {0, 1}, {1, 5}}) {
        matrix.multiply(x, tokens, range[0], range[1], split, 0, ROWS);
      }
      assertThat(split).containsExactly(whole);
      if (tokens > 1) {
        float[] fewer = new float[3 * ROWS];
        matrix.multiply(x, 3, 0, ROWS, fewer, 0, ROWS);
        assertThat(whole).startsWith(fewer);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void listedRowsAreTheSameProducts(KernelProvider provider, TensorType type) {
    int cols = wholeBlocks(type, 300);
    RowMatrix matrix = provider.matrix(tensor(type, ROWS, cols, 1));
    Activations x = activations(2, cols, 3);
    float[] all = new float[ROWS];
    float[] second = new float[cols];
    System.arraycopy(x.values(), cols, second, 0, cols);
    Activations alone = new Activations(1, cols);
    System.arraycopy(second, 0, alone.values(), 0, cols);
    matrix.multiply(alone, 1, 0, ROWS, all, 0, 0);
    float[] listed = new float[6];
    matrix.multiplyRows(x, 1, new int[] {6, 2, 2, 0, 5}, 1, 5, listed, 1);
    assertThat(listed).containsExactly(0, 0, all[2], all[2], all[0], all[5]);
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void addedRowsAndDecodedRows(KernelProvider provider, TensorType type) {
    for (int cols : new int[] {wholeBlocks(type, 1), wholeBlocks(type, 331)}) {
      Tensor tensor = tensor(type, ROWS, cols, 1);
      RowMatrix matrix = provider.matrix(tensor);
      float[] weights = tensor.toFloats();
      float[] row = new float[cols + 1];
      matrix.row(4, row, 1);
      assertThat(row).endsWith(Arrays.copyOfRange(weights, 4 * cols, 5 * cols));

      int[] rows = {6, 0, 3, 1, 1, 5};
      float[] coefficients = floats(rows.length, 9);
      for (int count = 0; count <= rows.length; count++) {
        float[] before = floats(cols + 5, 2);
        float[] y = before.clone();
        matrix.addRows(coefficients, 0, rows, count, 0, cols, y, 5);
        for (int c = 0; c < cols; c++) {
          double expected = before[5 + c];
          for (int i = 0; i < count; i++) {
            expected += (double) coefficients[i] * weights[rows[i] * cols + c];
          }
          assertThat((double) y[5 + c]).isCloseTo(expected, within(2e-6));
        }
        float[] split = before.clone();
        int cut = Math.min(cols, matrix.colStep());
        matrix.addRows(coefficients, 0, rows, count, cut, cols, split, 5);
        matrix.addRows(coefficients, 0, rows, count, 0, cut, split, 5);
        assertThat(split).containsExactly(y);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void infinitiesAndNaNsShow(KernelProvider provider, TensorType type) {
    int cols = wholeBlocks(type, 300);
    for (float poison : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Tensor tensor = tensor(type, ROWS, cols, 1);
      long at = 2 * tensor.rowBytes() + type.byteSize(wholeBlocks(type, cols / 2));
      poison(tensor, at, poison);
      RowMatrix matrix = provider.matrix(tensor);
      for (int tokens : new int[] {1, 3}) {
        float[] y = new float[tokens * ROWS];
        matrix.multiply(activations(tokens, cols, 3), tokens, 0, ROWS, y, 0, ROWS);
        for (int i = 0; i < y.length; i++) {
          assertThat(Float.isFinite(y[i])).isEqualTo(i % ROWS != 2);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void wrongArgumentsAreRefused(KernelProvider provider, TensorType type) {
    int cols = wholeBlocks(type, 200);
    RowMatrix matrix = provider.matrix(tensor(type, ROWS, cols, 1));
    Activations x = activations(2, cols, 3);
    float[] y = new float[2 * ROWS];
    var bounds = IndexOutOfBoundsException.class;
    var argument = IllegalArgumentException.class;
    assertThatThrownBy(() -> matrix.multiply(x, 3, 0, ROWS, y, 0, 0)).isInstanceOf(bounds);
    assertThatThrownBy(() -> matrix.multiply(x, 2, 0, ROWS + 1, y, 0, 0)).isInstanceOf(bounds);
    assertThatThrownBy(() -> matrix.multiply(x, 2, 0, ROWS, y, 1, ROWS)).isInstanceOf(bounds);
    assertThatThrownBy(() -> matrix.multiply(x, 2, 0, 1, y, 0, -1)).isInstanceOf(bounds);
    Activations wide = new Activations(1, cols + 1);
    assertThatThrownBy(() -> matrix.multiply(wide, 1, 0, ROWS, y, 0, 0)).isInstanceOf(argument);
    int[] rows = {0, ROWS};
    float[] ones = {1, 1};
    float[] out = new float[cols];
    assertThatThrownBy(() -> matrix.multiplyRows(x, 0, rows, 0, 2, y, 0)).isInstanceOf(bounds);
    assertThatThrownBy(() -> matrix.addRows(ones, 0, rows, 2, 0, cols, out, 0))
        .isInstanceOf(bounds);
    assertThatThrownBy(() -> matrix.addRows(ones, 0, rows, 1, 1, cols, out, 0))
        .isInstanceOf(argument);
    assertThatThrownBy(() -> matrix.row(-1, out, 0)).isInstanceOf(bounds);
    assertThatThrownBy(() -> matrix.row(0, out, 1)).isInstanceOf(bounds);
  }

  /** Makes one block not finite: its value, or, wherever in the block they stand, its scales. */
  private static void poison(Tensor tensor, long block, float value) {
    TensorType type = tensor.type();
    if (type.isFloat()) {
      type.codec().encode(new float[] {value}, 0, 1, tensor.data(), block);
      return;
    }
    for (int i = 0; i + 2 <= type.blockBytes(); i += 2) {
      tensor.data().set(LittleEndian.SHORT, block + i, Float.floatToFloat16(value));
    }
  }

  private static List<Integer> sizes(TensorType type) {
    return TestTensors.SIZES.stream().map(size -> wholeBlocks(type, size)).distinct().toList();
  }

  private static void checkProducts(
      Tensor tensor, Activations x, int tokens, float[] y, int yOffset, int yStride) {
    float[] weights = tensor.toFloats();
    int cols = tensor.cols();
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < tensor.rows(); r++) {
        double expected = 0;
        double magnitude = 0;
        for (int c = 0; c < cols; c++) {
          double term = (double) weights[r * cols + c] * x.values()[t * cols + c];
          expected += term;
          magnitude += Math.abs(term);
        }
        assertThat((double) y[yOffset + t * yStride + r])
            .as("%s, %d columns, token %d, row %d", tensor.type(), cols, t, r)
            .isCloseTo(expected, within(1e-6 * magnitude));
      }
    }
  }
}
