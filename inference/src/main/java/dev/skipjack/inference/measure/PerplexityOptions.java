package dev.skipjack.inference.measure;

/**
 * How a perplexity is measured.
 *
 * @param context tokens per window
 * @param stride 0 for llama.cpp's definition: disjoint windows whose second half counts. Else
 *     windows advance by this many tokens and every token of the text counts once
 */
public record PerplexityOptions(int context, int stride) {
  public PerplexityOptions {
    if (context < 4) {
      throw new IllegalArgumentException(
          "context: found %d tokens, expected 4 or more".formatted(context));
    }
    if (stride < 0 || stride > context) {
      throw new IllegalArgumentException(
          "stride: found %d, expected 0 to the context of %d".formatted(stride, context));
    }
  }
}
