package dev.skipjack.models.spec;

/**
 * Rotary position embedding: pair {@code i} of a head turns by {@code position *
 * inverseFrequencies[i]}.
 *
 * @param dimensions leading elements of a head that are rotated
 * @param inverseFrequencies {@code [dimensions / 2]}, all scaling applied; do not modify
 * @param magnitude multiplies cosine and sine (YaRN, LongRoPE)
 */
public record RopeSpec(Layout layout, int dimensions, float[] inverseFrequencies, float magnitude) {
  /** Which elements of a head form pair {@code i}. */
  public enum Layout {
    /** {@code 2 i} and {@code 2 i + 1}. */
    NORM,
    /** {@code i} and {@code i + dimensions / 2}. */
    NEOX
  }
}
