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
  /** Most rows that are added at once. */
  int TOGETHER = 32;

  /** Rows that are read ahead together, and multiplied one after the other. */
  int AHEAD = 8;

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
   * Reads something of every cache line of so many bytes at {@value #AHEAD} places, side by side,
   * so that all are on their way at once.
   *
   * @return what depends on them, to be kept
   */
  int touch(MemorySegment packed, long[] places, long bytes);

  /**
   * Leaves in {@link BlockInput#lanes}, as many for each, what adds up to {@code W . x} of the
   * first {@code count} rows at {@link BlockInput#places}; those behind them are rows too, and what
   * is left for them is unspecified.
   */
  void dots(MemorySegment packed, int count, BlockInput input);

  /**
   * Adds {@code coefficients[i] W[i]} of the rows at {@link BlockSum#places}, up to {@link
   * #TOGETHER}, to units {@code [fromUnit, toUnit)} of a sum.
   *
   * @param units of a row
   * @param sum {@code [units x 32 x lanes]} from {@code at} on: value i of all blocks of a unit
   *     side by side
   */
  void add(
      MemorySegment packed,
      BlockSum rows,
      int units,
      int fromUnit,
      int toUnit,
      float[] sum,
      int at);

  /** The column, within its block, of the i-th value of a sum. */
  int column(int i);

  /** What the values of a sum are multiplied with. */
  float sumUnit();
}
