package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.ChannelBlocks;
import dev.skipjack.kernels.support.ChannelSum;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * Q4_0 by input channels. A row is words of eight nibbles {@code u32 q[outputs / (8 lanes)][lanes]}
 * of which nibble k in lane l is output {@code k lanes + l}, so that sums come out in the order of
 * the outputs.
 *
 * <p>Rows are added by {@link Q4_0RowSums}.
 */
final class Q4_0Channels implements ChannelBlocks {
  private static final int BLOCK_BYTES = 18;
  private static final int QUANTS = 2;
  private static final int NIBBLES = 8;
  private static final int WORD_OUTPUTS = NIBBLES * LANES;

  private static final long LOW_NIBBLES = 0x0f0f0f0f0f0f0f0fL;

  @Override
  public int step() {
    return WORD_OUTPUTS;
  }

  @Override
  public long rowBytes(int outputs) {
    return outputs / 2;
  }

  @Override
  public float largestScale(MemorySegment source, long at, int blocks) {
    return GroupScales.largest(source, at, blocks, BLOCK_BYTES);
  }

  @Override
  public void pack(
      byte[] rows,
      int rowBytes,
      int blocks,
      float scaling,
      MemorySegment target,
      long at,
      int outputs,
      int output) {
    long[] words = new long[NIBBLES];
    for (int b = 0; b < blocks; b++) {
      long block = at + b * blockBytes(outputs);
      int source = b * BLOCK_BYTES;
      for (int i = 0; i < WORD_OUTPUTS; i++) {
        short scale = Interleaving.scaled(rows, source + i * rowBytes, scaling);
        target.set(LittleEndian.SHORT, block + 2L * (output + i), scale);
      }
      long quants = block + scaleBytes(outputs) + output / 2;
      for (int lane = 0; lane < LANES; lane++) {
        for (int first = 0; first < BLOCK / 2; first += NIBBLES) {
          for (int k = 0; k < NIBBLES; k++) {
            int row = (k * LANES + lane) * rowBytes;
            words[k] = Interleaving.getLong(rows, source + row + QUANTS + first);
          }
          Interleaving.transpose(words);
          for (int i = 0; i < NIBBLES; i++) {
            long low = quants + (first + i) * rowBytes(outputs) + 4L * lane;
            long high = low + BLOCK / 2 * rowBytes(outputs);
            target.set(LittleEndian.INT, low, (int) Long.compress(words[i], LOW_NIBBLES));
            target.set(LittleEndian.INT, high, (int) Long.compress(words[i], ~LOW_NIBBLES));
          }
        }
      }
    }
  }

  @Override
  public int touch(MemorySegment packed, long[] places, long bytes) {
    return CacheLines.touch(packed, places, bytes);
  }

  @Override
  public void add(
      MemorySegment packed,
      long scales,
      ChannelSum rows,
      int from,
      int to,
      float factor,
      float[] y,
      int yAt) {
    int words = (to - from) / WORD_OUTPUTS;
    ChannelFactors.spread(rows);
    Q4_0RowSums.multiply(
        packed, rows.places, rows.count(), rows.factors, from / 2, words, rows.sums);
    Q4_0ChannelSums.addTo(rows, words, packed, scales + 2L * from, factor, y, yAt);
  }
}
