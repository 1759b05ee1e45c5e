package dev.skipjack.kernels;

/** A row-major matrix whose rows can be read one by one: neurons, embeddings. */
public interface RowMatrix extends Matrix {
  /**
   * {@code y[yOffset + i] = W[rows[i]] . x[token]} for {@code i} in {@code [from, to)}: only the
   * listed rows are read.
   */
  void multiplyRows(Activations x, int token, int[] rows, int from, int to, float[] y, int yOffset);

  /**
   * {@code y[yOffset + c] += sum_i coefficients[at + i] W[rows[i]][c]} for {@code i} in {@code [0,
   * count)} and columns {@code [fromCol, toCol)}, both multiples of {@link #colStep()} or the last
   * column. Rows are added in list order, so the result does not depend on how columns are split.
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

  /** Decodes one row into {@code out[outOffset ..]}. */
  void row(int row, float[] out, int outOffset);
}
