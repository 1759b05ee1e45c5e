package dev.skipjack.kernels;

import dev.skipjack.loader.tensor.TensorType;

/**
 * A weight matrix W {@code [rows x cols]} that multiplies activations. Immutable and thread-safe;
 * workers call it on disjoint row ranges.
 */
public interface Matrix {
  int rows();

  int cols();

  TensorType type();

  /** Bytes of weights that one product reads. */
  long byteSize();

  /** What the input must provide. */
  Input input();

  /** Ranges handed to {@link #multiply} start and end at multiples of this, or at the last row. */
  int rowStep();

  /**
   * {@code y[t yStride + r] = W[r] . x[t]} for tokens {@code t} in {@code [0, tokens)} and rows
   * {@code r} in {@code [fromRow, toRow)}. Nothing allocates. Rows are independent: the result does
   * not depend on how they are split.
   */
  void multiply(
      Activations x, int tokens, int fromRow, int toRow, float[] y, int yOffset, int yStride);

  /** Which form of {@link Activations} a matrix reads. */
  enum Input {
    FLOATS,
    /** A few tokens as int8 blocks, many as blocks or as floats: both must be there. */
    INT8_BLOCKS
  }
}
