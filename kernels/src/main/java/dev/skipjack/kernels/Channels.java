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
   * The first place from {@code place} on where a list of so many inputs can be cut without
   * changing the sum of its parts: inputs that are rounded together stay together.
   *
   * @param inputs ascending
   */
  int cut(int[] inputs, int count, int place);

  /**
   * {@code y[o] = sum_i values[i] W[o][inputs[i]]} for i in {@code [first, last)}, which begins and
   * ends where the list can be {@link #cut}, and outputs {@code [from, to)}. Where workers can
   * divide the list they should not divide the outputs, because memory is read the faster the
   * longer the pieces are. Nothing allocates.
   *
   * @param inputs ascending
   */
  void multiply(float[] values, int[] inputs, int first, int last, int from, int to, float[] y);
}
