package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.PackedRows;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.TestTensors;
import dev.skipjack.kernels.scalar.ScalarKernelProvider;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Packed rows against plain sums over decoded weights: dot products with the int8 blocks that the
 * scalar quantiser makes of a token, sums of rows in floats.
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

  @ParameterizedTest
  @FieldSource("TYPES")
  void sumsOfRows(TensorType type) {
    for (int cols : COLS) {
      for (int count = 0; count <= ACTIVE.length; count++) {
        Tensor tensor = tensor(type, 40, cols, cols);
        float[] coefficients = TestTensors.floats(ACTIVE.length + 2, 3);
        float[] y = TestTensors.floats(cols + 2, 5);
        double[] expected = new double[cols + 2];
        for (int c = 0; c < y.length; c++) {
          expected[c] = y[c];
        }
        float[] weights = tensor.toFloats();
        for (int i = 0; i < count; i++) {
          for (int c = 0; c < cols; c++) {
            expected[1 + c] += (double) coefficients[2 + i] * weights[ACTIVE[i] * cols + c];
          }
        }
        pack(tensor).addRows(coefficients, 2, ACTIVE, count, 0, cols, y, 1);
        for (int c = 0; c < y.length; c++) {
          assertThat((double) y[c])
              .as("%s %d columns, %d rows, column %d", type, cols, count, c - 1)
              .isCloseTo(expected[c], within(1e-4));
        }
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
