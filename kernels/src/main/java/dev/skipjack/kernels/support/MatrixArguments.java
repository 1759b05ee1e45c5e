package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.Matrix;
import java.util.Objects;

/** What all matrices check of the arguments of {@link Matrix#multiply}. */
final class MatrixArguments {
  private MatrixArguments() {}

  /**
   * @param name of the matrix, for people
   * @return whether there is anything to multiply
   * @throws IllegalArgumentException if the input has another length
   * @throws IndexOutOfBoundsException if a range is not within its array or matrix
   */
  static boolean check(
      Object name,
      Matrix matrix,
      Activations x,
      int tokens,
      int fromRow,
      int toRow,
      float[] y,
      int yOffset,
      int yStride) {
    checkInput(name, matrix.cols(), x);
    Objects.checkFromToIndex(0, tokens, x.tokens());
    Objects.checkFromToIndex(fromRow, toRow, matrix.rows());
    if (tokens == 0 || fromRow == toRow) {
      return false;
    }
    long last = yOffset + (tokens - 1L) * yStride;
    Objects.checkFromToIndex(yOffset + (long) fromRow, yOffset + (long) toRow, y.length);
    Objects.checkFromToIndex(last + fromRow, last + toRow, y.length);
    return true;
  }

  static void checkInput(Object name, int cols, Activations x) {
    if (x.cols() != cols) {
      throw new IllegalArgumentException(
          "%s multiplies inputs of %d values, not %d".formatted(name, cols, x.cols()));
    }
  }
}
