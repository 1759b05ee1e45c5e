package dev.skipjack.kernels.support;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkIndex;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * A cache of Q8_0: every {@value #BLOCK} channels of a position share a binary16 scale; a shorter
 * last block is allowed. The numbers are those of the tensor type, the order is the tile's:
 *
 * <pre>
 * keys:   f16 scales [blocks x TILE], i8 quants [length x TILE]
 * values: f16 scales [TILE x blocks], i8 quants [TILE x length]
 * </pre>
 *
 * <p>Storing is here, because a position is stored once; loading is left to the providers.
 */
public abstract class Q8_0Cache implements CacheKernels {
  /** Channels that share a scale. */
  protected static final int BLOCK = 32;

  private static final int SCALE_BYTES = Short.BYTES;
  private static final int LARGEST = 127;

  @Override
  public final long tileBytes(int length) {
    return (long) TILE * (blocks(length) * SCALE_BYTES + length);
  }

  @Override
  public final boolean storeKey(
      float[] key, int keyOffset, int length, MemorySegment cache, long tileOffset, int position) {
    checkTile(key, keyOffset, length, cache, tileOffset, position);
    long quants = tileOffset + quants(length) + position;
    for (int c = 0; c < length; c += BLOCK) {
      int channels = Math.min(BLOCK, length - c);
      long scale = tileOffset + (long) (c / BLOCK * TILE + position) * SCALE_BYTES;
      storeBlock(key, keyOffset + c, channels, cache, scale, quants + (long) c * TILE, TILE);
    }
    return false;
  }

  @Override
  public final boolean storeValue(
      float[] value,
      int valueOffset,
      int length,
      MemorySegment cache,
      long tileOffset,
      int position) {
    checkTile(value, valueOffset, length, cache, tileOffset, position);
    long quants = tileOffset + quants(length) + (long) position * length;
    long scale = tileOffset + (long) position * blocks(length) * SCALE_BYTES;
    for (int c = 0; c < length; c += BLOCK, scale += SCALE_BYTES) {
      int channels = Math.min(BLOCK, length - c);
      storeBlock(value, valueOffset + c, channels, cache, scale, quants + c, 1);
    }
    return false;
  }

  @Override
  public final void loadKeys(MemorySegment cache, long tileOffset, int length, float[] out) {
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    checkFromIndexSize(0, length * TILE, out.length);
    long quants = tileOffset + quants(length);
    for (int b = 0; b < blocks(length); b++) {
      int first = b * BLOCK * TILE;
      int channels = Math.min(BLOCK, length - b * BLOCK);
      long scales = tileOffset + (long) b * TILE * SCALE_BYTES;
      loadKeyBlock(cache, scales, quants + first, channels, out, first);
    }
  }

  @Override
  public final void loadValues(
      MemorySegment cache, long tileOffset, int length, int positions, float[] out) {
    checkFromIndexSize(0, positions, TILE);
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    checkFromIndexSize(0, positions * length, out.length);
    long scale = tileOffset;
    long quants = tileOffset + quants(length);
    for (int at = 0; at < positions * length; at += length) {
      for (int c = 0; c < length; c += BLOCK, scale += SCALE_BYTES) {
        int channels = Math.min(BLOCK, length - c);
        loadValueBlock(cache, half(cache, scale), quants + at + c, channels, out, at + c);
      }
    }
  }

  /**
   * {@code out [channels x TILE] = quants [channels x TILE] times scales [TILE]}, one scale for
   * each position. Ranges are valid.
   */
  protected abstract void loadKeyBlock(
      MemorySegment cache, long scales, long quants, int channels, float[] out, int outOffset);

  /** {@code out[c] = scale quants[c]} for a block of one position. Ranges are valid. */
  protected abstract void loadValueBlock(
      MemorySegment cache, float scale, long quants, int channels, float[] out, int outOffset);

  /** The scale at a byte offset. */
  protected static float half(MemorySegment cache, long offset) {
    return Float.float16ToFloat(cache.get(LittleEndian.SHORT, offset));
  }

  /** As the tensor type encodes, to the bit; quants are {@code stride} bytes apart. */
  private static void storeBlock(
      float[] x,
      int offset,
      int channels,
      MemorySegment cache,
      long scaleOffset,
      long quants,
      int stride) {
    float largest = 0;
    for (int c = offset; c < offset + channels; c++) {
      largest = Math.max(largest, Math.abs(x[c]));
    }
    float scale = largest / LARGEST;
    float inverse = scale == 0 ? 0 : 1 / scale;
    cache.set(LittleEndian.SHORT, scaleOffset, Float.floatToFloat16(scale));
    for (int c = 0; c < channels; c++) {
      float steps = x[offset + c] * inverse;
      // Half away from zero; the sum is exact in double.
      int level = (int) (steps + Math.copySign(0.5, steps));
      byte quant = (byte) Math.clamp(level, -LARGEST, LARGEST);
      cache.set(JAVA_BYTE, quants + (long) c * stride, quant);
    }
  }

  private void checkTile(
      float[] x, int offset, int length, MemorySegment cache, long tileOffset, int position) {
    checkFromIndexSize(offset, length, x.length);
    checkIndex(position, TILE);
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
  }

  private static int blocks(int length) {
    return (length + BLOCK - 1) / BLOCK;
  }

  /** Bytes of scales before the quants of a tile. */
  private static long quants(int length) {
    return (long) TILE * blocks(length) * SCALE_BYTES;
  }
}
