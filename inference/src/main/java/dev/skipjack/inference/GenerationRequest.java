package dev.skipjack.inference;

import java.util.List;

/**
 * What to generate.
 *
 * @param prompt token ids, at least one; do not modify
 * @param maxTokens most tokens to generate; -1 until the context is full
 * @param stopStrings generation ends before the first of these would appear in the text
 * @param ignoreEos whether end-of-text tokens are treated like any other
 */
public record GenerationRequest(
    int[] prompt,
    int maxTokens,
    SamplingOptions sampling,
    List<String> stopStrings,
    boolean ignoreEos) {
  public GenerationRequest {
    stopStrings = List.copyOf(stopStrings);
    if (prompt.length == 0) {
      throw new IllegalArgumentException("prompt: found no tokens, expected at least one");
    }
    if (maxTokens < -1) {
      throw new IllegalArgumentException(
          "number of tokens: found %d, expected -1 or more".formatted(maxTokens));
    }
    if (stopStrings.contains("")) {
      throw new IllegalArgumentException("stop string: found an empty one");
    }
  }

  /** The same for another prompt. */
  public GenerationRequest withPrompt(int[] other) {
    return new GenerationRequest(other, maxTokens, sampling, stopStrings, ignoreEos);
  }
}
