package dev.skipjack.kernels;

/** A row-major matrix whose rows can be read one by one: neurons, embeddings. */
public interface RowMatrix extends Matrix, Rows {
  /**
   * {@inheritDoc}
   *
   * <p>For one token alone; {@link #multiplyRows} takes whichever form this says of any token.
   */
  @Override
  Input input();

  /** Decodes one row into {@code out[outOffset ..]}. */
  void row(int row, float[] out, int outOffset);
}
