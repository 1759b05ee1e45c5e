package dev.skipjack.inference;

/** Hears how an answer comes about. Called on the generating thread. */
@FunctionalInterface
public interface GenerationListener {
  /**
   * More text is certain: whole characters, and never the beginning of a stop string.
   *
   * @return false to cancel
   */
  boolean text(String piece);

  /**
   * A batch of the prompt is about to be computed.
   *
   * @param done tokens of the prompt before it
   * @return false to cancel; the session then holds those tokens
   */
  default boolean prefill(int done) {
    return true;
  }
}
