package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.PackedRows;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.TestTensors;
import dev.skipjack.kernels.scalar.ScalarKernelProvider;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Packed rows against plain sums over decoded weights: dot products with the int8 blocks that the
 * scalar quantiser makes of a token; sums of rows in floats or, of 4-bit weights, with coefficients
 * rounded to 8 bits.
 */
class PackedRowsTest {
  static final KernelProvider PROVIDER = new VectorKernelProvider();

  /** Whole units of blocks at every vector width, and nearly whole ones. */
  private static final int[] COLS = {512, 480, 1024, 1504, 2048 - 32};

  static final List<TensorType> TYPES =
      TestTensors.encodableTypes().stream()
          .filter(type -> 512 % type.blockLength() == 0)
          .filter(type -> PROVIDER.packedRows(tensor(type, 1, 512, 1)).isPresent())
          .toList();

  private static final int[] ACTIVE = {4, 0, 3, 8, 17, 18, 1, 39, 20};

  /** One part and several, whole and not. */
  private static final int[] COUNTS = {0, 1, 2, 3, 4, 5, 9, 31, 32, 33, 64, 65, 100};

  @ParameterizedTest
  @FieldSource("TYPES")
  void productsAreThoseOfInt8Blocks(TensorType type) {
    for (int cols : COLS) {
      Tensor tensor = tensor(type, 40, cols, cols);
      Activations x = activations(3, cols, 7);
      new ScalarKernelProvider().floats().quantize(x, 0, 3);
      float[] y = new float[ACTIVE.length + 1];
      for (int token = 0; token < 3; token++) {
        pack(tensor).multiplyRows(x, token, ACTIVE, 1, ACTIVE.length, y, 1);
        assertThat(y[0]).isZero();
        assertThat(y[1]).isZero();
        for (int i = 1; i < ACTIVE.length; i++) {
          assertThat((double) y[1 + i])
              .as("%s %d columns, row %d", type, cols, ACTIVE[i])
              .isCloseTo(dot(tensor, ACTIVE[i], x, token), within(1e-5 * cols));
        }
      }
    }
  }

  /** A few tokens, a whole tile and several, and rows that do not fill a panel. */
  @ParameterizedTest
  @FieldSource("TYPES")
  void allRowsAtOnce(TensorType type) {
    int count = 83;
    for (int cols : COLS) {
      Tensor tensor = tensor(type, count, cols, cols);
      Optional<Matrix> whole = pack(tensor).whole();
      assertThat(whole.isPresent()).isEqualTo(type == TensorType.Q4_0);
      for (int tokens : whole.isPresent() ? new int[] {1, 4, 5, 6, 13} : new int[0]) {
        Activations x = activations(tokens, cols, 7);
        new ScalarKernelProvider().floats().quantize(x, 0, tokens);
        float[] y = new float[1 + tokens * (count + 2)];
        int step = whole.get().rowStep();
        for (int row = 0; row < count; row += step) {
          whole.get().multiply(x, tokens, row, Math.min(count, row + step), y, 1, count + 2);
        }
        for (int token = 0; token < tokens; token++) {
          int at = 1 + token * (count + 2);
          assertThat(y[at + count]).isZero();
          for (int row = 0; row < count; row++) {
            assertThat((double) y[at + row])
                .as("%s %d columns, token %d of %d, row %d", type, cols, token, tokens, row)
                .isCloseTo(dot(tensor, row, x, token), within(1e-5 * cols));
          }
        }
      }
    }
  }

  @Test
  void allRowsWantAnInputOfTheirLength() {
    Matrix whole = pack(tensor(TensorType.Q4_0, 40, 512, 1)).whole().orElseThrow();
    Activations x = activations(6, 480, 7);
    assertThatThrownBy(() -> whole.multiply(x, 6, 0, 40, new float[240], 0, 40))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiplies inputs of 512 values, not 480");
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void sumsOfRows(TensorType type) {
    for (int cols : COLS) {
      Tensor tensor = tensor(type, 40, cols, cols);
      Rows rows = pack(tensor);
      for (int count : COUNTS) {
        int[] list = IntStream.range(0, count).map(i -> (i * 7 + 3) % 40).toArray();
        float[] coefficients = TestTensors.floats(count + 2, 3);
        float[] y = TestTensors.floats(cols + 2, 5);
        double[] expected = sum(tensor, coefficients, 2, list);
        float[] before = y.clone();
        rows.addRows(coefficients, 2, list, count, 0, cols, y, 1);
        assertThat(y[0]).isEqualTo(before[0]);
        assertThat(y[cols + 1]).isEqualTo(before[cols + 1]);
        for (int c = 0; c < cols; c++) {
          assertThat((double) y[1 + c])
              .as("%s %d columns, %d rows, column %d", type, cols, count, c)
              .isCloseTo(before[1 + c] + expected[c], within(1e-4));
        }
      }
    }
  }

  /** In pieces, added up value by value, as the groups of a token's neurons are. */
  @ParameterizedTest
  @FieldSource("TYPES")
  void sumsInTheOrderOfTheLayout(TensorType type) {
    for (int cols : COLS) {
      Tensor tensor = tensor(type, 40, cols, cols);
      Rows rows = pack(tensor);
      int length = rows.sumLength();
      assertThat(length).isBetween(cols, Rows.longestSum(cols));
      float[] coefficients = TestTensors.floats(ACTIVE.length, 3);
      float[] sums = new float[2 * length];
      rows.sumRows(coefficients, 0, ACTIVE, 4, sums, length);
      rows.sumRows(coefficients, 0, ACTIVE, 3, sums, 0);
      for (int i = 0; i < length; i++) {
        sums[i] += sums[length + i];
      }
      float[] y = new float[cols];
      for (int col = 0; col < cols; col += rows.colStep()) {
        rows.addSum(sums, 0, col, Math.min(cols, col + rows.colStep()), y, 0);
      }
      double[] four = sum(tensor, coefficients, 0, Arrays.copyOf(ACTIVE, 4));
      double[] three = sum(tensor, coefficients, 0, Arrays.copyOf(ACTIVE, 3));
      for (int c = 0; c < cols; c++) {
        assertThat((double) y[c]).isCloseTo(four[c] + three[c], within(1e-4));
      }
    }
  }

  /** The sum that comes nearest to what 16 bits hold: all weights -8, all factors 127. */
  @Test
  void theLargestSumOfFourBitWeights() {
    int cols = 512;
    MemorySegment data = Arena.ofAuto().allocate(TensorType.Q4_0.byteSize(cols));
    for (int block = 0; block < cols / Activations.BLOCK; block++) {
      data.set(ValueLayout.JAVA_SHORT_UNALIGNED, block * 18L, Float.floatToFloat16(1));
    }
    Rows rows = pack(new Tensor("least", TensorType.Q4_0, new long[] {1, cols}, data));
    for (float coefficient : new float[] {1, -1}) {
      float[] coefficients = new float[32];
      Arrays.fill(coefficients, coefficient);
      float[] y = new float[cols];
      rows.addRows(coefficients, 0, new int[32], 32, 0, cols, y, 0);
      for (float value : y) {
        assertThat(value).isCloseTo(-8 * 32 * coefficient, within(1e-3f));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void aCoefficientThatIsNoNumberIsSeen(TensorType type) {
    Rows rows = pack(tensor(type, 40, 512, 1));
    float[] y = new float[512];
    rows.addRows(new float[] {1, Float.NaN, 1}, 0, ACTIVE, 3, 0, 512, y, 0);
    for (float value : y) {
      assertThat(value).isNaN();
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void seesThatTheInputWasWrittenAnew(TensorType type) {
    Tensor tensor = tensor(type, 40, 512, 1);
    Rows rows = pack(tensor);
    Activations x = activations(2, 512, 7);
    float[] y = new float[ACTIVE.length];
    for (int round = 0; round < 3; round++) {
      new ScalarKernelProvider().floats().quantize(x, 0, 2);
      for (int token = 1; token >= 0; token--) {
        rows.multiplyRows(x, token, ACTIVE, 0, ACTIVE.length, y, 0);
        for (int i = 0; i < ACTIVE.length; i++) {
          assertThat((double) y[i]).isCloseTo(dot(tensor, ACTIVE[i], x, token), within(1e-2));
        }
      }
      for (int c = 0; c < x.values().length; c++) {
        x.values()[c] *= -1.5f;
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void splittingColumnsDoesNotShow(TensorType type) {
    int cols = 1504;
    Rows rows = pack(tensor(type, 40, cols, 5));
    float[] coefficients = TestTensors.floats(ACTIVE.length, 3);
    float[] whole = new float[cols];
    float[] parts = new float[cols];
    rows.addRows(coefficients, 0, ACTIVE, ACTIVE.length, 0, cols, whole, 0);
    for (int col = 0; col < cols; col += rows.colStep()) {
      int to = Math.min(cols, col + rows.colStep());
      rows.addRows(coefficients, 0, ACTIVE, ACTIVE.length, col, to, parts, 0);
    }
    assertThat(parts).isEqualTo(whole);
    assertThatThrownBy(() -> rows.addRows(coefficients, 0, ACTIVE, 1, 32, cols, parts, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("are not cut at multiples of " + rows.colStep());
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void largeCoefficientsAndTinyScalesKeepTheirPrecision(TensorType type) {
    int cols = 512;
    float[] values = TestTensors.floats(cols, 9);
    for (int i = 0; i < cols; i++) {
      values[i] *= 2e-5f;
    }
    MemorySegment data = Arena.ofAuto().allocate(type.byteSize(cols));
    type.codec().encode(values, 0, cols, data, 0);
    Tensor tensor = new Tensor("tiny", type, new long[] {1, cols}, data);
    float[] decoded = tensor.toFloats();
    float[] y = new float[cols];
    pack(tensor).addRows(new float[] {1e7f}, 0, new int[1], 1, 0, cols, y, 0);
    for (int c = 0; c < cols; c++) {
      assertThat((double) y[c]).isCloseTo(1e7 * decoded[c], within(1e-3));
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void staysInItsOwnLayoutWhereThatIsBetter(TensorType type) {
    Tensor infinite = tensor(type, 3, 512, 1);
    infinite.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) 0x7c00);
    assertThat(PROVIDER.packedRows(infinite)).isEmpty();
    // Padded to a whole unit a short row would be mostly zeros.
    assertThat(PROVIDER.packedRows(tensor(type, 3, 32, 1))).isEmpty();
  }

  static Rows pack(Tensor tensor) {
    PackedRows layout = PROVIDER.packedRows(tensor).orElseThrow();
    MemorySegment copy = Arena.ofAuto().allocate(layout.byteSize(), 64);
    IntStream.range(0, layout.rows()).forEach(row -> layout.pack(copy, row, row + 1));
    return layout.over(copy);
  }

  /**
   * {@code sum_i coefficients[at + i] W[rows[i]]}. For 4-bit weights coefficients times scales are
   * rounded to 8 bits among the rows that are added at once.
   */
  private static double[] sum(Tensor tensor, float[] coefficients, int at, int[] rows) {
    int cols = tensor.cols();
    float[] weights = tensor.toFloats();
    double[] sum = new double[cols];
    int parts = Math.ceilDiv(rows.length, 32);
    for (int part = 0; part < parts; part++) {
      int from = rows.length * part / parts;
      int to = rows.length * (part + 1) / parts;
      for (int c = 0; c < cols; c++) {
        double largest = 0;
        for (int i = from; i < to; i++) {
          double factor = coefficients[at + i] * scale(tensor, rows[i], c);
          largest = Math.max(largest, Math.abs(factor));
        }
        for (int i = from; i < to; i++) {
          double scale = scale(tensor, rows[i], c);
          double factor = coefficients[at + i] * scale;
          if (tensor.type() == TensorType.Q4_0) {
            factor = Math.rint(factor / largest * 127) * largest / 127;
          }
          sum[c] += factor * weights[rows[i] * cols + c] / scale;
        }
      }
    }
    return sum;
  }

  /** The scale of a weight's block. */
  private static double scale(Tensor tensor, int row, int col) {
    long block = row * tensor.rowBytes() + col / Activations.BLOCK * tensor.type().blockBytes();
    return Float.float16ToFloat(tensor.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, block));
  }

  private static double dot(Tensor tensor, int row, Activations x, int token) {
    float[] weights = tensor.toFloats();
    double sum = 0;
    for (int c = 0; c < x.cols(); c++) {
      int block = token * x.blocks() + c / Activations.BLOCK;
      int quant = x.quants()[block * Activations.BLOCK + c % Activations.BLOCK];
      sum += (double) weights[row * x.cols() + c] * x.scales()[block] * quant;
    }
    return sum;
  }
}
