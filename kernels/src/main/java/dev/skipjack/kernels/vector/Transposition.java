package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Turns as many rows as a vector has lanes into columns. Taking values from the first and the
 * second half of an array in turns moves the highest bit of every index to the lowest place; done
 * once for each bit of the row, that makes the row the lowest part of the index (the perfect
 * shuffles of H. Stone, Parallel Processing with the Perfect Shuffle, 1971).
 */
final class Transposition {
  /** Columns at a time: two copies of them stay in a first-level cache beside rows and panel. */
  private static final int COLUMNS = 64;

  private static final int COPY = COLUMNS * LANES;

  /** Floats of workspace. */
  static final int WORK = 2 * COPY;

  private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(FLOATS, 0);
  private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(FLOATS, 1);

  private Transposition() {}

  /**
   * {@code out[at + c outStride + r] = space[r stride + c]} for {@code r < LANES} and {@code c <
   * cols}, and for more columns up to the next multiple of {@code LANES}.
   *
   * @param space rows, and behind them {@link #WORK} floats of workspace
   */
  static void turn(float[] space, int stride, int cols, float[] out, int at, int outStride) {
    int work = LANES * stride;
    for (int col = 0; col < cols; col += COLUMNS) {
      int width = (Math.min(COLUMNS, cols - col) + LANES - 1) / LANES * LANES;
      for (int r = 0; r < LANES / 2; r++) {
        int from = col + r * stride;
        int next = from + LANES / 2 * stride;
        zip(space, from, next, width, space, work + 2 * r * width, LANES);
      }
      int half = LANES / 2 * width;
      int from = work;
      int to = work + COPY;
      for (int rows = 4; rows < LANES; rows *= 2) {
        zip(space, from, from + half, half, space, to, LANES);
        int swapped = from;
        from = to;
        to = swapped;
      }
      zip(space, from, from + half, half, out, at + col * outStride, outStride);
    }
  }

  /** Takes {@code count} values from each of two places in turns, and leaves a vector a step. */
  private static void zip(
      float[] in, int first, int second, int count, float[] out, int at, int step) {
    int to = at;
    for (int i = 0; i < count; i += LANES) {
      FloatVector a = FloatVector.fromArray(FLOATS, in, first + i);
      FloatVector b = FloatVector.fromArray(FLOATS, in, second + i);
      a.rearrange(LOW, b).intoArray(out, to);
      a.rearrange(HIGH, b).intoArray(out, to + step);
      to += 2 * step;
    }
  }
}
