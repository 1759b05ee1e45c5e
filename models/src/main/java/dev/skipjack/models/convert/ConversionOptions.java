package dev.skipjack.models.convert;

/**
 * What to convert to, and how.
 *
 * @param pure give every matrix the target type, without the usual mix
 * @param threads that encode, at least 1
 */
public record ConversionOptions(TargetType type, boolean pure, int threads) {
  /**
   * @throws IllegalArgumentException if there is no thread
   */
  public ConversionOptions {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "threads: found %d, expected 1 or more".formatted(threads));
    }
  }
}
