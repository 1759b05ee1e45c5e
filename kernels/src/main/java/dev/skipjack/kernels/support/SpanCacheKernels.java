package dev.skipjack.kernels.support;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkFromToIndex;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * A cache read with {@link SpanKernels} and written with the type's codec: a position is written
 * once and read for the rest of the conversation.
 */
public final class SpanCacheKernels implements CacheKernels {
  private final TensorType type;
  private final SpanKernels spans;

  /**
   * @throws IllegalArgumentException if values of this type cannot be encoded
   */
  public SpanCacheKernels(TensorType type, SpanKernels spans) {
    if (!type.codec().encodes()) {
      throw new IllegalArgumentException(
          "a cache cannot hold %s: there is no encoder for it".formatted(type));
    }
    this.type = type;
    this.spans = spans;
  }

  @Override
  public long byteSize(int count) {
    return type.byteSize(count);
  }

  @Override
  public void store(float[] source, int sourceOffset, MemorySegment cache, long offset, int count) {
    checkFromIndexSize(sourceOffset, count, source.length);
    checkFromIndexSize(offset, type.byteSize(count), cache.byteSize());
    type.codec().encode(source, sourceOffset, count, cache, offset);
  }

  @Override
  public void scores(
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
      int scoresOffset) {
    checkFromIndexSize(queryOffset, length, query.length);
    checkFromIndexSize(scoresOffset, to - from, scores.length);
    checkHeads(keys, rowBytes, headOffset, length, from, to);
    long offset = from * rowBytes + headOffset;
    spans.dots(keys, offset, rowBytes, to - from, length, query, queryOffset, scores, scoresOffset);
    for (int i = scoresOffset; i < scoresOffset + to - from; i++) {
      scores[i] *= scale;
    }
  }

  @Override
  public void mix(
      float[] weights,
      int weightsOffset,
      MemorySegment values,
      long rowBytes,
      long headOffset,
      int length,
      int from,
      int to,
      float[] out,
      int outOffset) {
    checkFromIndexSize(weightsOffset, to - from, weights.length);
    checkFromIndexSize(outOffset, length, out.length);
    checkHeads(values, rowBytes, headOffset, length, from, to);
    int i = from;
    int w = weightsOffset;
    for (; i + 4 <= to; i += 4, w += 4) {
      long offset = i * rowBytes + headOffset;
      spans.axpy4(
          weights[w],
          weights[w + 1],
          weights[w + 2],
          weights[w + 3],
          values,
          offset,
          offset + rowBytes,
          offset + 2 * rowBytes,
          offset + 3 * rowBytes,
          length,
          out,
          outOffset);
    }
    for (; i < to; i++, w++) {
      spans.axpy(weights[w], values, i * rowBytes + headOffset, length, out, outOffset);
    }
  }

  private void checkHeads(
      MemorySegment cache, long rowBytes, long headOffset, int length, int from, int to) {
    checkFromToIndex(from, to, Integer.MAX_VALUE);
    long headBytes = type.byteSize(length);
    checkFromIndexSize(headOffset, headBytes, rowBytes);
    if (from < to) {
      checkFromIndexSize((to - 1) * rowBytes + headOffset, headBytes, cache.byteSize());
    }
  }
}
