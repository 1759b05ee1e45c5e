package dev.skipjack.kernels;

import java.util.Optional;

/** A row-major matrix whose rows can be read one by one: neurons, embeddings. */
public interface RowMatrix extends Matrix, Rows, RowTable {
  /**
   * {@inheritDoc}
   *
   * <p>For one token alone; {@link #multiplyRows} takes whichever form this says of any token.
   */
  @Override
  Input input();

  @Override
  default Optional<Matrix> whole() {
    return Optional.of(this);
  }

  /**
   * {@code y[yOffset + t yStride + c] = sum_r x[t][r] W[r][c]} for columns c in {@code [fromCol,
   * toCol)}, both multiples of {@link #colStep()} or the last column: the matrix from its other
   * side, for many tokens. Every weight is decoded once. Nothing allocates.
   *
   * @param x {@code [tokens x rows]}
   */
  void multiplyTransposed(
      Activations x, int tokens, int fromCol, int toCol, float[] y, int yOffset, int yStride);
}
