package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import java.lang.foreign.MemorySegment;

/**
 * A block-interleaved layout of one tensor type with blocks of 32 columns: a unit is as many
 * successive blocks of one row as a vector has float lanes, side by side, one block per lane. The
 * last unit of a row is filled up with zeros. Unlike {@link RowGroups}, a row is contiguous, so
 * that one can be read without its neighbours; its dot product adds across lanes only once.
 *
 * <p>Half-precision scales are stored multiplied by a power of two, as in {@link RowGroups}, and
 * results are too large by it. Implementations are stateless, allocate nothing, and check nothing.
 */
public interface BlockRows {
  /** Columns of a block. */
  int BLOCK = Activations.BLOCK;

  /** Blocks of a unit. */
  int lanes();

  /** Bytes of the weights of a unit. */
  int weightBytes();

  /** Bytes of the scales of a unit. */
  int scaleBytes();

  /** Bytes of a row: all weights, then all scales. */
  default long rowBytes(int units) {
    return (long) units * (weightBytes() + scaleBytes());
  }

  /** The largest absolute scale of a row; not finite if one of them is not. */
  float largestScale(MemorySegment source, long at, int blocks);

  /**
   * Writes one row from the tensor's own bytes.
   *
   * @param at the row's offset in the source
   * @param scaling what scales are multiplied with
   * @param target filled with zeros
   */
  void pack(
      MemorySegment source, long at, int blocks, float scaling, MemorySegment target, long to);

  /** Arranges the quantised input of one token in the order of a row. */
  void arrange(Activations x, int token, BlockInput input);

  /**
   * Reads something of every cache line of {@code [from, to)}, so that all are on their way at
   * once.
   *
   * @return what depends on them, to be kept
   */
  int touch(MemorySegment packed, long from, long to);

  /** {@code W . x} of the row at a byte offset. */
  float dot(MemorySegment packed, long at, BlockInput input);

  /**
   * Adds {@code a[i] W[i]} of four rows, at the byte offsets {@code at[i]}, to units {@code
   * [fromUnit, toUnit)} of a sum.
   */
  void axpy4(
      float a0,
      float a1,
      float a2,
      float a3,
      MemorySegment packed,
      long at0,
      long at1,
      long at2,
      long at3,
      int fromUnit,
      int toUnit,
      BlockSum sum);

  /** Adds units {@code [fromUnit, toUnit)} of a sum, in the order of columns, to {@code y}. */
  void addTo(BlockSum sum, int fromUnit, int toUnit, float factor, int cols, float[] y, int yAt);
}
