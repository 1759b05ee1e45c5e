package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.BlockInput;
import dev.skipjack.kernels.support.BlockRows;
import java.util.Arrays;

/** Turns the int8 form of a token into the order of {@link BlockRows}. */
final class BlockOrder {
  private static final int BLOCK = BlockRows.BLOCK;
  private static final int WORDS = BLOCK / 2;

  private BlockOrder() {}

  /**
   * Fills factors and scales.
   *
   * @param words {@code [tokens x 16 blocks]}, {@link Activations#pairs} or {@link
   *     Activations#nibbles}
   * @param unit what scales are multiplied with
   */
  static void arrange(int[] words, Activations x, int token, float unit, BlockInput input) {
    int blocks = x.blocks();
    if (blocks < input.scales.length) {
      int lastUnit = (input.units() - 1) * LANES;
      Arrays.fill(input.factors, lastUnit * BLOCK, input.factors.length, (short) 0);
      Arrays.fill(input.scales, lastUnit, input.scales.length, 0);
    }
    for (int b = 0; b < blocks; b++) {
      int from = (token * blocks + b) * WORDS;
      int to = b / LANES * BLOCK * LANES + 2 * (b % LANES);
      for (int i = 0; i < WORDS; i++) {
        int pair = words[from + i];
        input.factors[to + 2 * i * LANES] = (short) pair;
        input.factors[to + 2 * i * LANES + 1] = (short) (pair >>> 16);
      }
      input.scales[b] = x.scales()[token * blocks + b] * unit;
    }
  }
}
