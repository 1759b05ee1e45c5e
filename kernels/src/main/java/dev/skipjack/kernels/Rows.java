package dev.skipjack.kernels;

import dev.skipjack.loader.tensor.TensorType;

/**
 * The rows of a weight matrix W {@code [rows x cols]}, read one by one: neurons, input channels.
 * Immutable and thread-safe.
 */
public interface Rows {
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

  /** Column ranges handed to {@link #addRows} start and end at multiples of this. */
  int colStep();
}
