package dev.skipjack.kernels;

/**
 * A weight matrix W {@code [outputs x inputs]} of which single inputs are read: an input channel is
 * a column of W. Immutable and thread-safe.
 */
public interface Channels {
  int outputs();

  int inputs();

  /** Bytes of all weights. */
  long byteSize();

  /** Bytes that are read of so many listed inputs. */
  long bytes(int[] inputs, int count);

  /** Ranges of outputs start and end at multiples of this, which {@link #outputs()} is. */
  int step();

  /**
   * {@code y[s][o] = sum_i values[i] W[o][inputs[i]]} over share s of the listed inputs: shares
   * {@code [fromShare, toShare)} of so many, and outputs {@code [from, to)}. The sum of all shares
   * is the product, and does not depend on who computes which. Where workers can divide the shares
   * they should not divide the outputs, because memory is read the faster the longer the pieces
   * are. Nothing allocates.
   *
   * @param inputs ascending
   * @param count inputs of the whole list
   */
  void multiply(
      float[] values,
      int[] inputs,
      int count,
      int fromShare,
      int toShare,
      int shares,
      int from,
      int to,
      float[][] y);
}
