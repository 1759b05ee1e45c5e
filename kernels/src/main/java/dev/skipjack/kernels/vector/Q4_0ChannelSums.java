package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.ChannelSum;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Adds sums of {@link Q4_0Channels}, as {@link Q4_0RowSums} leaves them, to the outputs. */
final class Q4_0ChannelSums {
  private static final int WORD_OUTPUTS = 8 * LANES;
  private static final int WORD_SUMS = 5 * LANES;

  /** Scales are read as floats 2^112 too small, sums as integers 2^16 too large. */
  private static final float UNIT = 0x1p96f;

  private Q4_0ChannelSums() {}

  /**
   * Adds the sums, times a scale for each, to {@code y} from {@code at} on.
   *
   * @param scales offset of the halves, in the order of the outputs
   * @param factor what they are multiplied with
   */
  static void addTo(
      ChannelSum rows,
      int words,
      MemorySegment packed,
      long scales,
      float factor,
      float[] y,
      int at) {
    int[] sums = rows.sums;
    FloatVector f = FloatVector.broadcast(FLOATS, factor * UNIT);
    for (int j = 0; j < words; j++) {
      for (int k = 0; k < 4; k++) {
        int from = j * WORD_SUMS + k * LANES;
        int low = j * WORD_OUTPUTS + k * LANES;
        int high = low + 4 * LANES;
        IntVector sum = IntVector.fromArray(INTS, sums, from);
        IntVector next =
            IntVector.fromArray(INTS, sums, from + LANES).lanewise(VectorOperators.LSHL, 4);
        IntVector lows = sum.sub(next).lanewise(VectorOperators.LSHL, 16);
        IntVector highs = sum.and(0xffff0000).sub(next.and(0xfff00000));
        ((FloatVector) lows.convert(VectorOperators.I2F, 0))
            .fma(
                GroupScales.halfs(packed, scales + 2L * low).mul(f),
                FloatVector.fromArray(FLOATS, y, at + low))
            .intoArray(y, at + low);
        ((FloatVector) highs.convert(VectorOperators.I2F, 0))
            .fma(
                GroupScales.halfs(packed, scales + 2L * high).mul(f),
                FloatVector.fromArray(FLOATS, y, at + high))
            .intoArray(y, at + high);
      }
    }
  }
}
