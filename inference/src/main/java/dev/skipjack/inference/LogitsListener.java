package dev.skipjack.inference;

/** Receives the logits of every position of an evaluation. */
@FunctionalInterface
public interface LogitsListener {
  /**
   * The logits after the token at {@code position}.
   *
   * @param logits {@code [vocabulary]}; overwritten after the call returns
   */
  void logits(int position, float[] logits);
}
