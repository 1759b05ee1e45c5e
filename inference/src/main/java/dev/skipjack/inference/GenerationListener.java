package dev.skipjack.inference;

/** Hears generated text while it appears. Called on the generating thread. */
@FunctionalInterface
public interface GenerationListener {
  /**
   * More text is certain: whole characters, and never the beginning of a stop string.
   *
   * @return false to cancel
   */
  boolean text(String piece);
}
