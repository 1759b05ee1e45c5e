package dev.skipjack.kernels.support;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkIndex;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.loader.tensor.BlockCodec;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * A cache of plain floating-point numbers, one after the other as the tile's layout says. C2 turns
 * the loop of the binary16 codec into the processor's own conversion, which the Vector API has no
 * name for.
 */
public final class FloatCacheKernels implements CacheKernels {
  private final BlockCodec codec;
  private final int bytes;

  /**
   * @throws IllegalArgumentException if values of this type are not plain floating point
   */
  public FloatCacheKernels(TensorType type) {
    if (!type.isFloat() || !type.codec().encodes()) {
      throw new IllegalArgumentException(
          "cache type: found %s, expected F32, F16, BF16 or Q8_0".formatted(type));
    }
    this.codec = type.codec();
    this.bytes = type.blockBytes();
  }

  @Override
  public long tileBytes(int length) {
    return (long) TILE * length * bytes;
  }

  @Override
  public boolean storeKey(
      float[] key, int keyOffset, int length, MemorySegment cache, long tileOffset, int position) {
    checkFromIndexSize(keyOffset, length, key.length);
    checkTile(cache, tileOffset, length, position);
    for (int c = 0; c < length; c++) {
      codec.encode(key, keyOffset + c, 1, cache, tileOffset + (c * TILE + position) * bytes);
    }
    return false;
  }

  @Override
  public boolean storeValue(
      float[] value,
      int valueOffset,
      int length,
      MemorySegment cache,
      long tileOffset,
      int position) {
    checkFromIndexSize(valueOffset, length, value.length);
    checkTile(cache, tileOffset, length, position);
    codec.encode(value, valueOffset, length, cache, tileOffset + position * length * bytes);
    return false;
  }

  @Override
  public void loadKeys(MemorySegment cache, long tileOffset, int length, float[] out) {
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    checkFromIndexSize(0, length * TILE, out.length);
    codec.decode(cache, tileOffset, out, 0, length * TILE);
  }

  @Override
  public void loadValues(
      MemorySegment cache, long tileOffset, int length, int positions, float[] out) {
    checkFromIndexSize(0, positions, TILE);
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    checkFromIndexSize(0, positions * length, out.length);
    codec.decode(cache, tileOffset, out, 0, positions * length);
  }

  private void checkTile(MemorySegment cache, long tileOffset, int length, int position) {
    checkIndex(position, TILE);
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
  }
}
