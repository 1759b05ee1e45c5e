package dev.skipjack.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Attention over cached keys or values of one type. A cache is {@code [positions x rowBytes]}; a
 * head is {@code length} values at byte {@code headOffset} of a row, {@code length} a multiple of
 * the type's block length.
 */
public interface CacheKernels {
  /** Bytes of {@code count} cached values. */
  long byteSize(int count);

  /** Stores {@code count} floats at a byte offset. */
  void store(float[] source, int sourceOffset, MemorySegment cache, long offset, int count);

  /**
   * {@code scores[scoresOffset + i - from] = scale * query . K[i]} for positions {@code i} in
   * {@code [from, to)}.
   */
  void scores(
      float[] query,
      int queryOffset,
      float scale,
      MemorySegment keys,
      long rowBytes,
      long headOffset,
      int length,
      int from,
      int to,
      float[] scores,
      int scoresOffset);

  /** {@code out[c] += sum_i weights[weightsOffset + i - from] V[i][c]}. */
  void mix(
      float[] weights,
      int weightsOffset,
      MemorySegment values,
      long rowBytes,
      long headOffset,
      int length,
      int from,
      int to,
      float[] out,
      int outOffset);
}
