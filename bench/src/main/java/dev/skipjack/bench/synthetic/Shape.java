package dev.skipjack.bench.synthetic;

/**
 * The sizes of a decoder.
 *
 * @param headDim size of a query, key and value head; even
 * @param feedForward neurons per layer
 * @param tied whether the embedding is also the output matrix
 */
public record Shape(
    int hidden,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int feedForward,
    int vocabulary,
    boolean tied) {
  /** Ready in a second. */
  public static final Shape TINY = new Shape(256, 2, 4, 2, 64, 1024, 512, true);

  /** Llama 3.2 1B. */
  public static final Shape LLAMA_3_2_1B = new Shape(2048, 16, 32, 8, 64, 8192, 128256, true);

  /** Llama 2 7B. */
  public static final Shape LLAMA_2_7B = new Shape(4096, 32, 32, 32, 128, 11008, 32000, false);

  /**
   * @throws IllegalArgumentException if a size makes no sense
   */
  public Shape {
    require(hidden >= 1, "hidden", hidden, "1 or more");
    require(layers >= 1, "layers", layers, "1 or more");
    require(kvHeads >= 1, "kv-heads", kvHeads, "1 or more");
    require(
        heads >= 1 && heads % kvHeads == 0, "heads", heads, "a multiple of %d".formatted(kvHeads));
    require(headDim >= 2 && headDim % 2 == 0, "head-dim", headDim, "an even number");
    require(feedForward >= 1, "ffn", feedForward, "1 or more");
    require(
        vocabulary > SyntheticVocabulary.FIRST_WORD,
        "vocab",
        vocabulary,
        "more than " + SyntheticVocabulary.FIRST_WORD);
  }

  /** Inputs of the attention's output projection. */
  int attended() {
    return heads * headDim;
  }

  /** Length of a key or value row. */
  int keyValue() {
    return kvHeads * headDim;
  }

  private static void require(boolean valid, String what, int found, String expected) {
    if (!valid) {
      throw new IllegalArgumentException(
          "%s: found %d, expected %s".formatted(what, found, expected));
    }
  }
}
