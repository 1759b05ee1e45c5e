package dev.skipjack.kernels;

/** Rows of numbers that are looked up one by one: an embedding. Thread-safe. */
public interface RowTable {
  /** Numbers of a row. */
  int cols();

  /** Decodes one row into {@code out[outOffset ..]}. */
  void row(int row, float[] out, int outOffset);
}
