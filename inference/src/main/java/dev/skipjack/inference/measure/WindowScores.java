package dev.skipjack.inference.measure;

import dev.skipjack.inference.LogitsListener;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.measure.TextWindows.Window;
import java.util.Arrays;

/** Runs windows of text and reports the logits that tell how likely the scored tokens were. */
final class WindowScores {
  private WindowScores() {}

  /**
   * Runs a window from an empty context.
   *
   * @param listener hears, in order, the logits after every token that a scored one follows
   */
  static void run(Session session, Window window, boolean oneByOne, LogitsListener listener) {
    int[] tokens = window.tokens();
    int silent = window.firstScored() - 1;
    session.rewind(0);
    if (!oneByOne) {
      session.evaluate(
          tokens,
          silent,
          (position, logits) -> {
            if (position + 1 < tokens.length) {
              listener.logits(position, logits);
            }
          });
      return;
    }
    if (silent > 0) {
      session.evaluate(Arrays.copyOf(tokens, silent));
    }
    for (int position = silent; position + 1 < tokens.length; position++) {
      listener.logits(position, session.evaluate(tokens[position]));
    }
  }
}
