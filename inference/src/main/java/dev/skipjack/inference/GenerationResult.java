package dev.skipjack.inference;

/**
 * What was generated.
 *
 * @param text the generated text, without the prompt
 * @param tokens generated ids, an ending token included; do not modify
 */
public record GenerationResult(
    String text, int[] tokens, FinishReason finishReason, Timings timings) {
  /** Why generation ended. */
  public enum FinishReason {
    /** An end-of-text token or a stop string. */
    STOP,
    /** The requested number of tokens, or a full context. */
    LENGTH,
    /** The listener or an interrupt asked for it, maybe before the prompt was computed. */
    CANCELLED
  }

  /**
   * Wall times in seconds.
   *
   * @param promptTokens computed; fewer than the prompt has if it was cancelled before
   * @param prefillSeconds from the start to the logits of the last prompt token
   * @param firstTokenSeconds from the start to the first generated token
   * @param decodeSeconds spent on the tokens after the first
   */
  public record Timings(
      int promptTokens,
      int generatedTokens,
      double prefillSeconds,
      double firstTokenSeconds,
      double decodeSeconds) {
    /** Prompt tokens per second; 0 if there were none. */
    public double prefillRate() {
      return rate(promptTokens, prefillSeconds);
    }

    /** Generated tokens per second, the first one not counted; 0 if there is no other. */
    public double decodeRate() {
      return rate(generatedTokens - 1, decodeSeconds);
    }

    private static double rate(int tokens, double seconds) {
      return tokens <= 0 || seconds <= 0 ? 0 : tokens / seconds;
    }
  }
}
