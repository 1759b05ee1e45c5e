package dev.skipjack.kernels;

import static dev.skipjack.kernels.TestTensors.tensor;
import static dev.skipjack.kernels.TestTensors.wholeBlocks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Single rows against the whole tensor, decoded. */
class CodecTableTest {
  private static final int ROWS = 5;

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
  void rowsAreThoseOfTheTensor(TensorType type) {
    int cols = wholeBlocks(type, 331);
    Tensor tensor = tensor(type, ROWS, cols, 1);
    float[] all = tensor.toFloats();
    RowTable table = new CodecTable(tensor);
    assertThat(table.cols()).isEqualTo(cols);
    for (int row = 0; row < ROWS; row++) {
      float[] out = new float[cols + 2];
      table.row(row, out, 1);
      assertThat(Arrays.copyOfRange(out, 1, cols + 1))
          .containsExactly(Arrays.copyOfRange(all, row * cols, (row + 1) * cols));
      assertThat(out[0]).isZero();
      assertThat(out[cols + 1]).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "Q4_0"})
  void otherRowsAndShortBuffersAreRefused(TensorType type) {
    int cols = wholeBlocks(type, 32);
    RowTable table = new CodecTable(tensor(type, ROWS, cols, 1));
    float[] out = new float[cols];
    for (int row : new int[] {-1, ROWS, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> table.row(row, out, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> table.row(0, out, 1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
