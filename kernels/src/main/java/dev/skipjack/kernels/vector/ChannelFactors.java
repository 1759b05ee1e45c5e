package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;

import dev.skipjack.kernels.support.ChannelSum;
import jdk.incubator.vector.ShortVector;

/** What rows of channels are multiplied with. */
final class ChannelFactors {
  private ChannelFactors() {}

  /**
   * Leaves the value of each row, and their sum at {@link Q4_0RowSums#TOTAL}, as a vector of shorts
   * in {@link ChannelSum#factors}: loading one is a single instruction, broadcasting a short is
   * two.
   */
  static void spread(ChannelSum rows) {
    int[] factors = rows.factors;
    int total = 0;
    for (int i = 0; i < rows.count(); i++) {
      total += rows.values[i];
      spread(rows.values[i], factors, i * LANES);
    }
    spread(total, factors, Q4_0RowSums.TOTAL);
  }

  private static void spread(int value, int[] factors, int at) {
    ShortVector.broadcast(SHORT_PAIRS, (short) value).reinterpretAsInts().intoArray(factors, at);
  }
}
