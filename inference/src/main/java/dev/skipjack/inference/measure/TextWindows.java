package dev.skipjack.inference.measure;

import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a text into the windows a perplexity is measured over. */
public final class TextWindows {
  /**
   * Tokens to evaluate together.
   *
   * @param firstScored index of the first token whose probability counts, at least 1
   */
  public record Window(int[] tokens, int firstScored) {}

  private TextWindows() {}

  /**
   * Cuts a text.
   *
   * @throws IllegalArgumentException if there are fewer tokens than a window holds
   */
  public static List<Window> of(Tokenizer tokenizer, String text, PerplexityOptions options) {
    int[] all = tokenizer.encode(text, SpecialTokens.PROMPT);
    int most = options.tokens();
    int[] tokens = most == 0 || most >= all.length ? all : Arrays.copyOf(all, most);
    int context = options.context();
    if (tokens.length < context) {
      throw new IllegalArgumentException(
          "text: found %d tokens, expected at least one window of %d; use a longer text or a smaller context"
              .formatted(tokens.length, context));
    }
    return options.stride() == 0
        ? halves(tokens, context, tokenizer)
        : strides(tokens, context, options.stride());
  }

  /**
   * Disjoint windows, each begun with the begin token where the model has one, the second half of
   * each counting.
   */
  private static List<Window> halves(int[] tokens, int context, Tokenizer tokenizer) {
    List<Window> windows = new ArrayList<>();
    boolean begins = tokenizer.bos().isPresent() && tokens[0] == tokenizer.bos().getAsInt();
    for (int start = 0; start + context <= tokens.length; start += context) {
      int[] window = Arrays.copyOfRange(tokens, start, start + context);
      if (begins) {
        window[0] = tokens[0];
      }
      windows.add(new Window(window, context / 2 + 1));
    }
    return windows;
  }

  /** Overlapping windows in which every token of the text counts once. */
  private static List<Window> strides(int[] tokens, int context, int stride) {
    List<Window> windows = new ArrayList<>();
    int scored = 1;
    for (int start = 0; scored < tokens.length; start += stride) {
      int end = Math.min(tokens.length, start + context);
      windows.add(new Window(Arrays.copyOfRange(tokens, start, end), scored - start));
      scored = end;
    }
    return windows;
  }
}
