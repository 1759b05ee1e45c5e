package dev.skipjack.inference.sampling;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws tokens from logits. Buffers are made once; a draw allocates nothing. Candidates are packed
 * as {@code (sortable logit, complement of id)}, so that descending order breaks ties by lower id.
 * One per generation; not thread-safe.
 */
public final class Sampler {
  private final float temperature;
  private final int topK;
  private final float topP;
  private final float minP;
  private final RepeatPenalty penalty;
  private final SplittableRandom random;
  private final long[] candidates;
  private final float[] weights;

  /** See {@code SamplingOptions} for the meaning and range of every parameter. */
  public Sampler(
      int vocabularySize,
      float temperature,
      int topK,
      float topP,
      float minP,
      RepeatPenalty penalty,
      long seed) {
    this.temperature = temperature;
    this.topK = topK == 0 ? vocabularySize : Math.min(topK, vocabularySize);
    this.topP = topP;
    this.minP = minP;
    this.penalty = penalty;
    this.random = new SplittableRandom(seed);
    this.candidates = new long[this.topK];
    this.weights = new float[this.topK];
  }

  /** Makes a token count as recent for the repeat penalty. */
  public void accept(int token) {
    penalty.accept(token);
  }

  /** Draws the next token; the repeat penalty is applied to {@code logits} in place. */
  public int sample(float[] logits, int offset, int vocabularySize) {
    penalty.apply(logits, offset);
    int count = selectLargest(logits, offset, vocabularySize, temperature == 0 ? 1 : topK);
    if (temperature == 0) {
      return id(candidates[0]);
    }
    Arrays.sort(candidates, 0, count);
    reverse(count);
    float largest = logit(candidates[0]);
    double total = fillWeights(count, largest, 1);
    count = Math.min(countTopP(count, total), countMinP(count));
    total = fillWeights(count, largest, temperature);
    return draw(count, total);
  }

  /** Keeps the {@code k} largest logits as a min-heap at the front of {@link #candidates}. */
  private int selectLargest(float[] logits, int offset, int vocabularySize, int k) {
    int size = 0;
    for (int id = 0; id < vocabularySize; id++) {
      long candidate = pack(logits[offset + id], id);
      if (size < k) {
        candidates[size++] = candidate;
        siftUp(size - 1);
      } else if (candidate > candidates[0]) {
        candidates[0] = candidate;
        siftDown(size);
      }
    }
    return size;
  }

  private void siftUp(int index) {
    while (index > 0 && candidates[index] < candidates[(index - 1) / 2]) {
      swap(index, (index - 1) / 2);
      index = (index - 1) / 2;
    }
  }

  private void siftDown(int size) {
    int index = 0;
    while (true) {
      int smallest = index;
      for (int child = 2 * index + 1; child <= 2 * index + 2 && child < size; child++) {
        if (candidates[child] < candidates[smallest]) {
          smallest = child;
        }
      }
      if (smallest == index) {
        return;
      }
      swap(index, smallest);
      index = smallest;
    }
  }

  private void reverse(int count) {
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      swap(i, j);
    }
  }

  private void swap(int i, int j) {
    long held = candidates[i];
    candidates[i] = candidates[j];
    candidates[j] = held;
  }

  /** Unnormalised probabilities, the largest being 1. */
  private double fillWeights(int count, float largest, float divisor) {
    double total = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = (float) Math.exp((logit(candidates[i]) - largest) / divisor);
      total += weights[i];
    }
    return total;
  }

  private int countTopP(int count, double total) {
    double kept = 0;
    for (int i = 0; i < count; i++) {
      kept += weights[i];
      if (kept >= topP * total) {
        return i + 1;
      }
    }
    return count;
  }

  private int countMinP(int count) {
    int kept = 1;
    while (kept < count && weights[kept] >= minP) {
      kept++;
    }
    return kept;
  }

  private int draw(int count, double total) {
    double remaining = random.nextDouble() * total;
    for (int i = 0; i < count; i++) {
      remaining -= weights[i];
      if (remaining < 0) {
        return id(candidates[i]);
      }
    }
    return id(candidates[count - 1]);
  }

  /** NaN sorts below every number. */
  private static long pack(float logit, int id) {
    int bits = Float.floatToRawIntBits(logit);
    int sortable = Float.isNaN(logit) ? Integer.MIN_VALUE : bits ^ (bits >> 31 & 0x7fffffff);
    return (long) sortable << 32 | ~id & 0xffffffffL;
  }

  private static float logit(long candidate) {
    int sortable = (int) (candidate >> 32);
    return Float.intBitsToFloat(sortable ^ (sortable >> 31 & 0x7fffffff));
  }

  private static int id(long candidate) {
    return ~(int) candidate;
  }
}
