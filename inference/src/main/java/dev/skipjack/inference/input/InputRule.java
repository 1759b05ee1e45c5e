package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.inference.layer.Largest;

/**
 * Which inputs {@code x_j} of a linear map are kept, by the score {@code s_j = |x_j| c_j} with
 * {@code c_j} a weight of the input: those above a threshold, or the largest. Immutable.
 *
 * <p>Maps that read one vector and keep the same inputs of it share one instance, and then the work
 * of finding them.
 */
public final class InputRule {
  private final float[] weights;
  private final float threshold;
  private final int most;

  private InputRule(float[] weights, float threshold, int most) {
    this.weights = weights;
    this.threshold = threshold;
    this.most = most;
  }

  /** Keeps {@code |x_j| > threshold}. */
  public static InputRule above(float threshold) {
    return new InputRule(new float[0], threshold, 0);
  }

  /** Keeps {@code |x_j| weights_j > threshold}. */
  public static InputRule above(float threshold, float[] weights) {
    return new InputRule(weights, threshold, 0);
  }

  /** Keeps the {@code count} inputs of largest {@code |x_j| weights_j}, and their equals. */
  public static InputRule largest(int count, float[] weights) {
    return new InputRule(weights, 0, count);
  }

  /** Lists the kept inputs of {@code x [0, length)}, unless this rule has just done so. */
  void select(float[] x, int length, InputSpace.Share share) {
    if (share.isBy(this)) {
      return;
    }
    float cutoff = score(x, 0, length, share);
    int[] channels = share.channels;
    float[] values = share.values;
    float[] scores = share.scores;
    int count = 0;
    for (int j = 0; j < length; j++) {
      channels[count] = j;
      values[count] = x[j];
      count += drops(scores[j], cutoff) ? 0 : 1;
    }
    share.keep(count, this);
  }

  /**
   * Copies the kept inputs of {@code x [offset .. + length)} to the same place of {@code kept},
   * zeros for the others, and returns how many there are.
   */
  int mask(float[] x, int offset, int length, InputSpace.Share share, float[] kept) {
    float cutoff = score(x, offset, length, share);
    float[] scores = share.scores;
    int count = 0;
    for (int j = 0; j < length; j++) {
      boolean dropped = drops(scores[j], cutoff);
      kept[offset + j] = dropped ? 0 : x[offset + j];
      count += dropped ? 0 : 1;
    }
    return count;
  }

  /** Fills the scores and returns the largest that is not enough. */
  private float score(float[] x, int offset, int length, InputSpace.Share share) {
    float[] scores = share.scores;
    if (weights.length == 0) {
      for (int j = 0; j < length; j++) {
        scores[j] = Math.abs(x[offset + j]);
      }
    } else {
      for (int j = 0; j < length; j++) {
        scores[j] = Math.abs(x[offset + j]) * weights[j];
      }
    }
    if (most == 0) {
      return threshold;
    }
    float least = Largest.magnitude(scores, 0, length, most, share.largest);
    // Where there are fewer than so many, zeros need not fill up.
    return least == 0 ? 0 : Math.nextDown(least);
  }

  /** Written so that NaN is kept, and seen, rather than dropped. */
  private static boolean drops(float score, float cutoff) {
    return score <= cutoff;
  }
}
