package dev.skipjack.inference;

/**
 * How the next token is drawn. The steps run in this order: repeat penalty, top-k, top-p, min-p,
 * temperature, draw. Equal options and seed give equal text.
 *
 * @param temperature divides the logits; 0 takes the most likely token
 * @param topK candidates kept; 0 keeps all
 * @param topP smallest probability mass kept, in (0, 1]
 * @param minP least probability kept, relative to the most likely token, in [0, 1)
 * @param repeatPenalty divides positive and multiplies negative logits of recent tokens; 1 is off
 * @param repeatLast how many recent tokens count as recent
 * @param seed of the random draws
 */
public record SamplingOptions(
    float temperature,
    int topK,
    float topP,
    float minP,
    float repeatPenalty,
    int repeatLast,
    long seed) {
  /** Always the most likely token. */
  public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, 1, 64, 0);

  /** What most chat programs start with. */
  public static SamplingOptions defaults(long seed) {
    return new SamplingOptions(0.8f, 40, 0.95f, 0.05f, 1, 64, seed);
  }

  public SamplingOptions {
    require(
        temperature >= 0 && temperature < Float.POSITIVE_INFINITY,
        "temperature",
        temperature,
        "0 or more");
    require(topK >= 0, "top-k", topK, "0 or more");
    require(topP > 0 && topP <= 1, "top-p", topP, "more than 0 and at most 1");
    require(minP >= 0 && minP < 1, "min-p", minP, "at least 0 and less than 1");
    require(
        repeatPenalty > 0 && repeatPenalty < Float.POSITIVE_INFINITY,
        "repeat penalty",
        repeatPenalty,
        "more than 0");
    require(repeatLast >= 0, "repeat window", repeatLast, "0 or more");
  }

  /** The same with another seed. */
  public SamplingOptions withSeed(long other) {
    return new SamplingOptions(temperature, topK, topP, minP, repeatPenalty, repeatLast, other);
  }

  /** Whether the next token is that with the largest logit, whatever was said before. */
  boolean isPlainGreedy() {
    return temperature == 0 && (repeatPenalty == 1 || repeatLast == 0);
  }

  private static void require(boolean holds, String what, Number found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s: found %s, expected %s".formatted(what, found, expected));
    }
  }
}
