package dev.skipjack.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Words of eight 4-bit weights, one row per lane; see {@link Q4_0Groups} for their columns. */
final class Nibbles {
  private static final int WEIGHTS = 8;
  private static final int HALF_BLOCK = 16;

  private Nibbles() {}

  /**
   * Writes {@code scale (weight - centre) - min} of every weight of a word to its column.
   *
   * @param at where the column of the first weight begins, columns being {@code stride} apart
   */
  static void write(
      IntVector word,
      int centre,
      FloatVector scale,
      FloatVector min,
      float[] out,
      int at,
      int stride) {
    for (int k = 0; k < WEIGHTS; k++) {
      FloatVector weight =
          (FloatVector)
              word.lanewise(VectorOperators.LSHR, 4 * k)
                  .and(15)
                  .sub(centre)
                  .convert(VectorOperators.I2F, 0);
      weight.mul(scale).sub(min).intoArray(out, at + (k / 2 + k % 2 * HALF_BLOCK) * stride);
    }
  }
}
