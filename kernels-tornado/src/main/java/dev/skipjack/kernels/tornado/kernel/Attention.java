package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Causal grouped-query attention over a cache of keys {@code [slots x context x kvHeads *
 * keyLength]} and values {@code [slots x context x kvHeads * valueLength]}, a slot for each
 * conversation: {@link #rotateHeads} and {@link #store} put a batch there, {@link #score} and
 * {@link #mixValues} read it.
 */
public final class Attention {
  /** Threads that share the positions of a head in {@link #score}. */
  public static final int LANES = 32;

  private Attention() {}

  /**
   * Rotates the leading pairs of every head: pair {@code i} is {@code (2 i, 2 i + 1)}, or with
   * halves {@code (i, i + pairs)}.
   *
   * @param x {@code [batch x heads x length]}
   * @param angles {@code [batch x pairs x 2]}: cosine and sine
   * @param halves 0 or 1
   */
  public static void rotateHeads(
      FloatArray x,
      FloatArray angles,
      IntArray step,
      int heads,
      int length,
      int pairs,
      int halves,
      int batch) {
    for (@Parallel int i = 0; i < batch * heads * pairs; i++) {
      int head = i / pairs;
      int token = head / heads;
      if (token < step.get(Step.COUNT)) {
        int pair = i - head * pairs;
        int first = head * length + (halves == 1 ? pair : 2 * pair);
        int second = first + (halves == 1 ? pairs : 1);
        float cos = angles.get((token * pairs + pair) * 2);
        float sin = angles.get((token * pairs + pair) * 2 + 1);
        float a = x.get(first);
        float b = x.get(second);
        x.set(first, a * cos - b * sin);
        x.set(second, a * sin + b * cos);
      }
    }
  }

  /**
   * Appends the batch to the cache.
   *
   * @param key {@code [batch x keyRow]}
   * @param value {@code [batch x valueRow]}
   */
  public static void store(
      FloatArray key,
      FloatArray value,
      FloatArray keys,
      FloatArray values,
      IntArray step,
      int keyRow,
      int valueRow,
      int context,
      int batch) {
    for (@Parallel int i = 0; i < batch * (keyRow + valueRow); i++) {
      int token = i / (keyRow + valueRow);
      if (token < step.get(Step.COUNT)) {
        int col = i - token * (keyRow + valueRow);
        int position = step.get(Step.SLOT) * context + step.get(Step.POSITION) + token;
        if (col < keyRow) {
          keys.set(position * keyRow + col, key.get(token * keyRow + col));
        } else {
          int at = col - keyRow;
          values.set(position * valueRow + at, value.get(token * valueRow + at));
        }
      }
    }
  }

  /**
   * Scores of every position that a query sees, and the largest of each lane's.
   *
   * @param query {@code [batch x heads x length]}
   * @param scores {@code [batch x heads x context]}
   * @param peaks {@code [batch x heads x LANES]}
   * @param group query heads per key head
   * @param window positions a query sees, itself included; 0 for all
   * @param cap {@code c} in {@code c tanh(score / c)}; 0 for none
   */
  public static void score(
      FloatArray query,
      FloatArray keys,
      FloatArray scores,
      FloatArray peaks,
      IntArray step,
      int heads,
      int group,
      int length,
      int context,
      int window,
      int batch,
      float scale,
      float cap) {
    for (@Parallel int i = 0; i < batch * heads * LANES; i++) {
      int row = i / LANES;
      int token = row / heads;
      if (token < step.get(Step.COUNT)) {
        int end = step.get(Step.POSITION) + token + 1;
        int start = window == 0 ? 0 : Math.max(0, end - window);
        int kvHead = (row - token * heads) / group;
        int base = step.get(Step.SLOT) * context;
        float peak = -Float.MAX_VALUE;
        for (int p = start + i - row * LANES; p < end; p += LANES) {
          int at = ((base + p) * (heads / group) + kvHead) * length;
          float sum = 0;
          for (int c = 0; c < length; c++) {
            sum += query.get(row * length + c) * keys.get(at + c);
          }
          float score = capped(scale * sum, cap);
          scores.set(row * context + p, score);
          peak = TornadoMath.max(peak, score);
        }
        peaks.set(i, peak);
      }
    }
  }

  /**
   * Means of the values, weighted by the softmax of the scores.
   *
   * @param out {@code [batch x heads x length]}
   */
  public static void mixValues(
      FloatArray scores,
      FloatArray peaks,
      FloatArray values,
      FloatArray out,
      IntArray step,
      int heads,
      int group,
      int length,
      int context,
      int window,
      int batch) {
    for (@Parallel int i = 0; i < batch * heads * length; i++) {
      int row = i / length;
      int token = row / heads;
      if (token < step.get(Step.COUNT)) {
        int end = step.get(Step.POSITION) + token + 1;
        int start = window == 0 ? 0 : Math.max(0, end - window);
        int col = (row - token * heads) / group * length + i - row * length;
        int base = step.get(Step.SLOT) * context;
        float peak = peaks.get(row * LANES);
        for (int lane = 1; lane < LANES; lane++) {
          peak = TornadoMath.max(peak, peaks.get(row * LANES + lane));
        }
        float sum = 0;
        float total = 0;
        for (int p = start; p < end; p++) {
          float weight = TornadoMath.exp(scores.get(row * context + p) - peak);
          total += weight;
          sum += weight * values.get((base + p) * (heads / group) * length + col);
        }
        out.set(i, sum / total);
      }
    }
  }

  private static float capped(float score, float cap) {
    return cap > 0 ? cap * TornadoMath.tanh(score / cap) : score;
  }
}
