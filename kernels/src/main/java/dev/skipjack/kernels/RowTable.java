package dev.skipjack.kernels;

/** Rows of numbers that are looked up one by one: an embedding. Thread-safe. */
public interface RowTable {
  /** Numbers of a row. */
  int cols();

  /**
   * Decodes one row into {@code out[outOffset ..]}.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if it is in a file that has become
   *     shorter, or that the system fails to deliver
   */
  void row(int row, float[] out, int outOffset);
}
