package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import java.lang.foreign.MemorySegment;

/**
 * A channel-major layout of one tensor type with blocks of 32 inputs, which keeps the tensor's own
 * blocks: weight (output i, input j) is {@code d(i, j / 32) q(i, j)}. A block of 32 inputs is the
 * scales d of all outputs as halves, then 32 rows, one per input, of the q of all outputs.
 *
 * <p>A token is multiplied block by block: sums {@code S_i = sum_j x_j q(i, j)} over the inputs it
 * keeps, with {@code x_j} rounded to 8 bits as {@link Activations} are, and then {@code y_i += d(i)
 * s S_i} with the scale s of the input's block. That is the product of the masked input with the
 * tensor itself, of which only the rows of the kept inputs are read.
 *
 * <p>Scales are stored multiplied by a power of two, as in {@link RowGroups}. Implementations are
 * stateless, allocate nothing, and check nothing.
 */
public interface ChannelBlocks {
  /** Inputs of a block. */
  int BLOCK = Activations.BLOCK;

  /** The number of outputs is a multiple of this, and so are ranges of them. */
  int step();

  /** Bytes from one row of a block to the next. */
  long rowBytes(int outputs);

  /** Bytes of the scales of a block. */
  default long scaleBytes(int outputs) {
    return (long) Short.BYTES * outputs;
  }

  /** Bytes of a block. */
  default long blockBytes(int outputs) {
    return scaleBytes(outputs) + BLOCK * rowBytes(outputs);
  }

  /** The largest absolute scale of a row of the tensor; not finite if one of them is not. */
  float largestScale(MemorySegment source, long at, int blocks);

  /**
   * Writes successive blocks of 32 inputs of {@link #step()} outputs.
   *
   * @param rows of the tensor's own bytes, {@code rowBytes} apart: so many blocks of each
   * @param scaling what scales are multiplied with
   * @param at where the first block of the layout begins
   * @param outputs of the matrix
   * @param output the first of those to be written
   */
  void pack(
      byte[] rows,
      int rowBytes,
      int blocks,
      float scaling,
      MemorySegment target,
      long at,
      int outputs,
      int output);

  /**
   * Reads something of every cache line of so many bytes at {@value BlockRows#AHEAD} places, side
   * by side, so that all are on their way at once.
   *
   * @return what depends on them, to be kept
   */
  int touch(MemorySegment packed, long[] places, long bytes);

  /**
   * Adds one block to {@code y [yAt .. + to - from)}.
   *
   * @param scales offset of the scales, of the first output
   * @param rows the inputs kept
   * @param from the first output, at most {@link ChannelSum#OUTPUTS} before {@code to}
   * @param factor what the products of scales and sums are multiplied with
   */
  void add(
      MemorySegment packed,
      long scales,
      ChannelSum rows,
      int from,
      int to,
      float factor,
      float[] y,
      int yAt);
}
