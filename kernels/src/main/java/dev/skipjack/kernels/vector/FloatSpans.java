package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.ScratchPool;
import dev.skipjack.kernels.support.SpanKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Spans of plain numbers, which are wide: only memory bounds their products. So four spans are
 * multiplied side by side, from four places far apart, of which processors prefetch further ahead
 * than of one; and each input is loaded once for all four.
 *
 * <p>Vectors of sums are added up in an array: after a loop of so many C2 does not inline one more
 * method that takes one, and boxes it for the call.
 */
abstract class FloatSpans implements SpanKernels {
  private static final int ABREAST = 4;

  /** The smallest that processors have. */
  private static final int PAGE = 4096;

  private final ScratchPool pool;
  private final int bytes;

  /**
   * @param pool of at least four vectors of floats
   * @param bytes of a weight
   */
  FloatSpans(ScratchPool pool, int bytes) {
    this.pool = pool;
    this.bytes = bytes;
  }

  @Override
  public final void dots(
      MemorySegment weights,
      long offset,
      long stride,
      int spans,
      int count,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset) {
    float[] sums = pool.take();
    int quarter = spans / ABREAST;
    int whole = count - count % LANES;
    for (int r = 0; r < quarter; r++) {
      long first = offset + r * stride;
      if (weights.isMapped()) {
        for (int k = 0; k < ABREAST; k++) {
          sums[k] = touch(weights, first + k * quarter * stride, (long) count * bytes);
        }
      }
      boolean valid = accumulate4(weights, first, quarter * stride, count, x, xOffset, sums);
      for (int k = 0; k < ABREAST; k++) {
        long span = first + k * quarter * stride;
        y[yOffset + r + k * quarter] =
            valid
                ? tail(weights, span, whole, count, x, xOffset, sum(sums, k * LANES))
                : dot(weights, span, count, x, xOffset);
      }
    }
    pool.give(sums);
    for (int r = ABREAST * quarter; r < spans; r++) {
      y[yOffset + r] = dot(weights, offset + r * stride, count, x, xOffset);
    }
  }

  /**
   * Reads a byte of every page, so that a file that was cut while it is mapped ends in an exception
   * before vectors are loaded from it: {@link Lanes#expectFaults} does not help while a kernel is
   * interpreted and calls methods of the Vector API that are compiled already.
   *
   * @return something to keep, for the reads to stay
   */
  private static int touch(MemorySegment weights, long from, long length) {
    int sum = weights.get(ValueLayout.JAVA_BYTE, from + length - 1);
    for (long at = from; at < from + length; at += PAGE) {
      sum += weights.get(ValueLayout.JAVA_BYTE, at);
    }
    return sum;
  }

  private float tail(
      MemorySegment weights, long span, int from, int to, float[] x, int xOffset, float sum) {
    float total = sum;
    for (int i = from; i < to; i++) {
      total = Math.fma(value(weights, span + (long) i * bytes), x[xOffset + i], total);
    }
    return total;
  }

  /** The sum of a vector, in the order of {@link Lanes#sum}. */
  private static float sum(float[] lanes, int at) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = at; i < at + half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[at];
  }

  /**
   * Multiplies the whole vectors of four spans that are {@code stride} bytes apart: the lanes of
   * the k-th go to {@code sums[k lanes ..]}, the sum of every other vector added to that of the
   * rest, as {@link #dot} does, so that side by side and alone give the same to the bit.
   *
   * @return false if this met a weight that it cannot multiply, and {@link #dot} must
   */
  abstract boolean accumulate4(
      MemorySegment weights,
      long offset,
      long stride,
      int count,
      float[] x,
      int xOffset,
      float[] sums);

  /** The weight at a byte offset. */
  abstract float value(MemorySegment weights, long offset);
}
