package dev.skipjack.kernels.scalar;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkFromToIndex;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.support.ScratchPool;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** A cache of any type that its codec can encode. */
final class ScalarCacheKernels implements CacheKernels {
  private final TensorType type;
  private final CodecSpans spans;
  private final ScratchPool pool;

  /**
   * @param pool of at least {@link CodecSpans#SCRATCH} floats
   */
  ScalarCacheKernels(TensorType type, FloatKernels floats, ScratchPool pool) {
    if (!type.codec().encodes()) {
      throw new IllegalArgumentException("a cache cannot hold %s: it is read-only".formatted(type));
    }
    this.type = type;
    this.spans = new CodecSpans(type, floats);
    this.pool = pool;
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
    checkFromToIndex(from, to, Integer.MAX_VALUE);
    checkFromIndexSize(scoresOffset, to - from, scores.length);
    float[] scratch = pool.take();
    for (int i = from; i < to; i++) {
      long offset = i * rowBytes + headOffset;
      float product = spans.dot(keys, offset, length, query, queryOffset, scratch);
      scores[scoresOffset + i - from] = scale * product;
    }
    pool.give(scratch);
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
    checkFromToIndex(from, to, Integer.MAX_VALUE);
    checkFromIndexSize(weightsOffset, to - from, weights.length);
    checkFromIndexSize(outOffset, length, out.length);
    float[] scratch = pool.take();
    for (int i = from; i < to; i++) {
      long offset = i * rowBytes + headOffset;
      float weight = weights[weightsOffset + i - from];
      spans.axpy(weight, values, offset, length, out, outOffset, scratch);
    }
    pool.give(scratch);
  }
}
