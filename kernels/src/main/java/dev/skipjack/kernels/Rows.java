package dev.skipjack.kernels;

import dev.skipjack.loader.tensor.TensorType;
import java.util.Optional;

/**
 * The rows of a weight matrix W {@code [rows x cols]}, read one by one: neurons, input channels.
 * Immutable and thread-safe.
 */
public interface Rows {
  /** No layout takes more columns side by side. */
  int LONGEST_STEP = 512;

  int rows();

  int cols();

  TensorType type();

  /** Bytes of all weights; every row has the same share. */
  long byteSize();

  /** What {@link #multiplyRows} needs of its input. */
  Matrix.Input input();

  /**
   * {@code y[yOffset + i] = W[rows[i]] . x[token]} for {@code i} in {@code [from, to)}: only the
   * listed rows are read. Nothing allocates.
   */
  void multiplyRows(Activations x, int token, int[] rows, int from, int to, float[] y, int yOffset);

  /**
   * The same rows as a matrix that is multiplied whole; empty where many tokens are better served
   * by the tensor's own bytes.
   */
  default Optional<Matrix> whole() {
    return Optional.empty();
  }

  /**
   * {@code y[yOffset + c] += sum_i coefficients[at + i] W[rows[i]][c]} for {@code i} in {@code [0,
   * count)} and columns {@code [fromCol, toCol)}, both multiples of {@link #colStep()} or the last
   * column. Rows are added in list order, so the result does not depend on how columns are split.
   * Nothing allocates.
   */
  void addRows(
      float[] coefficients,
      int at,
      int[] rows,
      int count,
      int fromCol,
      int toCol,
      float[] y,
      int yOffset);

  /**
   * Values of a sum in the matrix's own order: {@link #cols()}, or more up to {@link #longestSum}.
   */
  int sumLength();

  /** The most values a sum has, whatever its order, of a matrix of so many columns. */
  static int longestSum(int cols) {
    return Math.ceilDiv(cols, LONGEST_STEP) * LONGEST_STEP;
  }

  /**
   * Adds {@code coefficients[at + i] W[rows[i]]} for {@code i} in {@code [0, count)} to a sum in
   * the matrix's own order, {@code sumLength} values from {@code sumAt} on. Such sums may be added
   * value by value, and those of columns {@code [fromCol, toCol)}, cut as by {@link #colStep()},
   * are at {@code [fromCol, toCol)}, or up to {@code sumLength} for the last. Nothing allocates.
   */
  void sumRows(float[] coefficients, int at, int[] rows, int count, float[] sum, int sumAt);

  /**
   * {@code y[yOffset + c] +=} column {@code c} of a sum made by {@link #sumRows}, for columns
   * {@code [fromCol, toCol)} as in {@link #addRows}.
   */
  void addSum(float[] sum, int sumAt, int fromCol, int toCol, float[] y, int yOffset);

  /** Column ranges handed to {@link #addRows} start and end at multiples of this. */
  int colStep();
}
