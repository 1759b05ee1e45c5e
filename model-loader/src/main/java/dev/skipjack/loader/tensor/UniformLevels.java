package dev.skipjack.loader.tensor;

/**
 * Rounding of a block of 32 to equally spaced levels, with the steps and the order of float
 * operations of ggml's reference quantiser for Q4_0, Q4_1, Q5_0 and Q5_1, so that the bytes agree.
 */
final class UniformLevels {
  static final int BLOCK = 32;

  private UniformLevels() {}

  /**
   * Levels {@code 0 ... 2 * half - 1} for {@code y = scale * (level - half)}. The signed value of
   * largest magnitude lands on level 0, the end of the range with one more step.
   *
   * @return the scale
   */
  static float symmetric(float[] source, int at, int half, int[] levels) {
    float extreme = 0;
    for (int j = 0; j < BLOCK; j++) {
      if (Math.abs(source[at + j]) > Math.abs(extreme)) {
        extreme = source[at + j];
      }
    }
    float scale = extreme / -half;
    float inverse = inverse(scale);
    for (int j = 0; j < BLOCK; j++) {
      levels[j] = Math.clamp((int) (source[at + j] * inverse + (half + 0.5f)), 0, 2 * half - 1);
    }
    return scale;
  }

  static float minimum(float[] source, int at) {
    float minimum = Float.POSITIVE_INFINITY;
    for (int j = 0; j < BLOCK; j++) {
      minimum = source[at + j] < minimum ? source[at + j] : minimum;
    }
    return minimum;
  }

  static float maximum(float[] source, int at) {
    float maximum = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < BLOCK; j++) {
      maximum = source[at + j] > maximum ? source[at + j] : maximum;
    }
    return maximum;
  }

  /**
   * Levels {@code 0 ... highest} for {@code y = scale * level + minimum}.
   *
   * @return the scale
   */
  static float affine(float[] source, int at, float minimum, int highest, int[] levels) {
    float scale = (maximum(source, at) - minimum) / highest;
    float inverse = inverse(scale);
    for (int j = 0; j < BLOCK; j++) {
      levels[j] = Math.clamp((int) ((source[at + j] - minimum) * inverse + 0.5f), 0, highest);
    }
    return scale;
  }

  private static float inverse(float scale) {
    return scale == 0 ? 0 : 1 / scale;
  }
}
