package dev.skipjack.inference.measure;

/**
 * How a perplexity is measured.
 *
 * @param context tokens per window
 * @param stride 0 for llama.cpp's definition: disjoint windows whose second half counts. Else
 *     windows advance by this many tokens and every token of the text counts once
 * @param tokens most tokens of the text to use, from its beginning; 0 for all
 * @param oneByOne whether the tokens before a scored one are fed one at a time, as if they had been
 *     generated, once the first half of a window has been read as a prompt. Slow, and needed where
 *     a mode decides by the prompt (griffin)
 */
public record PerplexityOptions(int context, int stride, int tokens, boolean oneByOne) {
  public PerplexityOptions {
    if (context < 4) {
      throw new IllegalArgumentException(
          "context: found %d tokens, expected 4 or more".formatted(context));
    }
    if (stride < 0 || stride > context) {
      throw new IllegalArgumentException(
          "stride: found %d, expected 0 to the context of %d".formatted(stride, context));
    }
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens: found %d, expected 0 or more".formatted(tokens));
    }
  }

  /** The whole text, in batches. */
  public PerplexityOptions(int context, int stride) {
    this(context, stride, 0, false);
  }

  /** The same, fed as generated tokens are. */
  public PerplexityOptions asGenerated() {
    return new PerplexityOptions(context, stride, tokens, true);
  }
}
