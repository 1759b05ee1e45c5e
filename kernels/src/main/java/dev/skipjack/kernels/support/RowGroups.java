package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import java.lang.foreign.MemorySegment;

/**
 * A row-interleaved layout of one tensor type: a group is as many rows as a vector has float lanes,
 * side by side, one row per lane. Along its columns a group is a sequence of units, each as many
 * columns as a block of the type.
 *
 * <p>Half-precision scales are stored multiplied by a power of two that makes the largest of a
 * matrix large, so that none is subnormal for want of it; {@code factor} undoes that.
 * Implementations are stateless, allocate nothing, and check nothing.
 */
public interface RowGroups {
  /**
   * Groups that are multiplied side by side: each input is loaded once for all of them, and
   * processors prefetch several streams further ahead than one. More of them do not fit the
   * registers of AVX2.
   */
  int ABREAST = 4;

  /** Rows of a group. */
  int lanes();

  /**
   * Bytes of so many successive units of a group. Layouts may put two units together, so the next
   * one begins there only if the number is even.
   */
  long unitBytes(int units);

  /** Groups begin at multiples of this: the bytes of a cache line. */
  int LINE = 64;

  /**
   * Bytes from one group of a matrix to the next: no more than its own, rounded up to whole cache
   * lines. Gaps between groups would end the streams that prefetchers follow.
   */
  default long groupBytes(int units) {
    return Math.ceilDiv(unitBytes(units), LINE) * LINE;
  }

  /**
   * The largest absolute scale of a row; not finite if one of them is not.
   *
   * @param at the row's offset in the tensor's own bytes
   */
  float largestScale(MemorySegment source, long at, int units);

  /**
   * Interleaves rows, from an even unit on.
   *
   * @param rows {@link #lanes()} rows of blocks, {@code rowBytes} apart; zeros where there is none
   * @param units blocks of each row
   * @param scaling what scales are multiplied with
   * @param target of {@link #unitBytes} bytes
   */
  void pack(byte[] rows, int rowBytes, int units, float scaling, byte[] target);

  /**
   * {@code y[yAt + r] = W[r] . x} for one token as int8 blocks, and the rows of {@value #ABREAST}
   * groups that are {@code stride} bytes apart; 0 multiplies one group as often.
   */
  void multiply(
      MemorySegment packed,
      long at,
      long stride,
      int units,
      Activations x,
      int token,
      float factor,
      float[] y,
      int yAt);

  /**
   * Decodes units of one group, from an even one on: column c to {@code out[to + c stride ..]}, a
   * row per lane.
   */
  void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride);
}
