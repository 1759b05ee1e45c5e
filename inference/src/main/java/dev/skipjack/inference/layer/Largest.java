package dev.skipjack.inference.layer;

import java.util.Arrays;

/** Finds how large a value must be to belong to the k largest. Stateless. */
public final class Largest {
  /** Classes of magnitudes: by exponent and the first three bits of the fraction. */
  private static final int CLASSES = 1 << 11;

  private static final int CLASS_SHIFT = Integer.SIZE - 1 - 11;

  private Largest() {}

  /**
   * The k-th largest magnitude of {@code x[offset .. + count)}; 0 if there are not that many. Takes
   * time proportional to {@code 31 count} at worst, whatever the order of the values: the bits of a
   * non-negative float order like the float, so the answer is built from its highest bit down.
   */
  public static float magnitude(float[] x, int offset, int count, int k) {
    if (k > count) {
      return 0;
    }
    int answer = 0;
    for (int bit = 30; bit >= 0; bit--) {
      int candidate = answer | 1 << bit;
      int reaching = 0;
      for (int i = offset; i < offset + count; i++) {
        reaching += (Float.floatToRawIntBits(x[i]) & Integer.MAX_VALUE) >= candidate ? 1 : 0;
      }
      answer = reaching >= k ? candidate : answer;
    }
    return Float.intBitsToFloat(answer);
  }

  /** Room for finding one magnitude at a time among up to so many values. */
  public static final class Scratch {
    private final int[] members = new int[CLASSES];
    private final float[] candidates;

    public Scratch(int values) {
      this.candidates = new float[values];
    }
  }

  /**
   * The same in two passes over the values: the first counts how many there are of each class, the
   * second collects those of the class that the k-th belongs to.
   */
  public static float magnitude(float[] x, int offset, int count, int k, Scratch scratch) {
    if (k > count) {
      return 0;
    }
    int[] members = scratch.members;
    Arrays.fill(members, 0);
    for (int i = offset; i < offset + count; i++) {
      members[classOf(x[i])]++;
    }
    int wanted = CLASSES - 1;
    int larger = 0;
    while (larger + members[wanted] < k) {
      larger += members[wanted--];
    }
    float[] candidates = scratch.candidates;
    int found = 0;
    for (int i = offset; i < offset + count; i++) {
      if (classOf(x[i]) == wanted) {
        candidates[found++] = x[i];
      }
    }
    return magnitude(candidates, 0, found, k - larger);
  }

  private static int classOf(float value) {
    return (Float.floatToRawIntBits(value) & Integer.MAX_VALUE) >>> CLASS_SHIFT;
  }
}
