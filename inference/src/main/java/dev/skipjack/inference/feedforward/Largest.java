package dev.skipjack.inference.feedforward;

/** Finds how large a value must be to belong to the k largest. Stateless. */
public final class Largest {
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
}
