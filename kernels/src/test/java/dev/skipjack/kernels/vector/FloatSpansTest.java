package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.TestTensors;
import dev.skipjack.kernels.scalar.ScalarKernelProvider;
import dev.skipjack.loader.tensor.LittleEndian;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of plain numbers, four side by side and alone. */
class FloatSpansTest {
  /** Infinities and NaN. */
  private static final short[] SPECIALS = {0x7c00, (short) 0xfc00, 0x7e00};

  private final KernelProvider vector = new VectorKernelProvider();
  private final KernelProvider scalar = new ScalarKernelProvider();

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void rowsSideBySideEqualRowsAloneToTheBit(TensorType type) {
    for (int cols : TestTensors.SIZES) {
      for (int rows : new int[] {1, 3, 4, 5, 11, 16}) {
        RowMatrix matrix = vector.matrix(tensor(type, rows, cols, cols));
        Activations x = activations(1, cols, 3);
        float[] together = new float[rows];
        float[] alone = new float[rows];
        matrix.multiply(x, 1, 0, rows, together, 0, rows);
        matrix.multiplyRows(x, 0, IntStream.range(0, rows).toArray(), 0, rows, alone, 0);
        assertThat(together).as("%s %dx%d", type, rows, cols).isEqualTo(alone);
      }
    }
  }

  /** Every exponent, as many subnormal numbers as others, infinities and NaN in some rows. */
  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 33, 64, 95, 128, 700})
  void anyHalfMultipliesLikeItsValue(int cols) {
    int rows = 64;
    MemorySegment data = Arena.ofAuto().allocate(2L * rows * cols + 1).asSlice(1);
    SplittableRandom random = new SplittableRandom(cols);
    for (int i = 0; i < rows * cols; i++) {
      int bits = random.nextInt();
      int finite = (bits & 0x7c00) == 0x7c00 ? bits ^ 0x4000 : bits;
      data.set(LittleEndian.SHORT, 2L * i, (short) (i % 2 == 0 ? finite : bits & 0x83ff));
    }
    for (int row = 0; row < rows; row += 7) {
      short special = SPECIALS[row % SPECIALS.length];
      data.set(LittleEndian.SHORT, 2L * (row * cols + random.nextInt(cols)), special);
    }
    Tensor tensor = new Tensor("halves", TensorType.F16, new long[] {rows, cols}, data);
    Activations x = activations(1, cols, 5);
    float[] expected = new float[rows];
    float[] actual = new float[rows];
    scalar.matrix(tensor).multiply(x, 1, 0, rows, expected, 0, rows);
    vector.matrix(tensor).multiply(x, 1, 0, rows, actual, 0, rows);
    for (int r = 0; r < rows; r++) {
      if (Float.isFinite(expected[r])) {
        float[] row = new float[cols];
        scalar.matrix(tensor).row(r, row, 0);
        double size = 0;
        for (int c = 0; c < cols; c++) {
          size += Math.abs(row[c] * x.values()[c]);
        }
        assertThat((double) actual[r]).isCloseTo(expected[r], within(1e-6 * size));
      } else {
        assertThat(Float.compare(actual[r], expected[r])).isZero();
      }
    }
    assertThat(IntStream.range(0, rows).filter(r -> Float.isFinite(expected[r])))
        .hasSize(rows - (rows + 6) / 7);
  }
}
