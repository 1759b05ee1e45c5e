package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.ChannelBlocks;
import dev.skipjack.kernels.support.ChannelSum;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * Q8_0 by input channels. A row is {@code i8 q[outputs / (2 lanes)][lanes][2]}: byte h of a pair in
 * lane l is output {@code h lanes + l}, so that sums come out in the order of the outputs. Rows are
 * added by {@link Q8_0ChannelSums}.
 */
final class Q8_0Channels implements ChannelBlocks {
  private static final int BLOCK_BYTES = 34;
  private static final int QUANTS = 2;

  /** Bytes of a word. */
  private static final int BYTES = 8;

  private static final int STEP = 8 * LANES;
  private static final int PAIRS = 2 * LANES;

  @Override
  public int step() {
    return STEP;
  }

  @Override
  public long rowBytes(int outputs) {
    return outputs;
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
    long[] words = new long[BYTES];
    for (int b = 0; b < blocks; b++) {
      long block = at + b * blockBytes(outputs);
      int source = b * BLOCK_BYTES;
      for (int i = 0; i < STEP; i++) {
        short scale = Interleaving.scaled(rows, source + i * rowBytes, scaling);
        target.set(LittleEndian.SHORT, block + 2L * (output + i), scale);
      }
      long quants = block + scaleBytes(outputs) + output;
      for (int o = 0; o < STEP; o += BYTES) {
        int first = o / PAIRS * PAIRS + o % PAIRS / 2;
        for (int input = 0; input < BLOCK; input += BYTES) {
          for (int k = 0; k < BYTES; k++) {
            int row = (first + k / 2 + k % 2 * LANES) * rowBytes;
            words[k] = Interleaving.getLong(rows, source + row + QUANTS + input);
          }
          Interleaving.transpose(words);
          for (int i = 0; i < BYTES; i++) {
            long to = quants + (input + i) * rowBytes(outputs) + o;
            target.set(LittleEndian.LONG, to, words[i]);
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
    int pairs = (to - from) / PAIRS;
    ChannelFactors.spread(rows);
    Q8_0ChannelSums.multiply(packed, rows, from, pairs);
    Q8_0ChannelSums.addTo(rows, pairs, packed, scales + 2L * from, factor, y, yAt);
  }
}
