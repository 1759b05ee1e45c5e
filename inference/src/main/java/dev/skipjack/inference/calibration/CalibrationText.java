package dev.skipjack.inference.calibration;

import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text as windows of tokens side by side, each begun with the begin token where the model has
 * one. Every fifth window (at least the last) is held out: methods fit the others and are judged by
 * these.
 *
 * @param fitted windows to calibrate on
 * @param heldOut windows to judge the result by
 */
public record CalibrationText(List<int[]> fitted, List<int[]> heldOut) {
  private static final int HELD_OUT_EVERY = 5;

  /** A last window shorter than this is dropped. */
  private static final int LEAST_TOKENS = 8;

  /** No windows at all. */
  static final CalibrationText NONE = new CalibrationText(List.of(), List.of());

  public CalibrationText {
    fitted = List.copyOf(fitted);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * Cuts a text.
   *
   * @param maxTokens the most that are used; 0 for all
   * @throws IllegalArgumentException if there are fewer tokens than two windows hold
   */
  static CalibrationText of(Tokenizer tokenizer, String text, int context, int maxTokens) {
    int[] tokens = tokenizer.encode(text, SpecialTokens.PROMPT);
    int count = maxTokens == 0 ? tokens.length : Math.min(maxTokens, tokens.length);
    if (count < 2 * context) {
      throw new IllegalArgumentException(
          "calibration text: found %d tokens, expected at least %d, two windows of %d; use a longer text or a smaller context"
              .formatted(count, 2 * context, context));
    }
    boolean begins = tokenizer.bos().isPresent() && tokens[0] == tokenizer.bos().getAsInt();
    List<int[]> windows = new ArrayList<>();
    for (int start = 0; start + LEAST_TOKENS <= count; start += context) {
      int[] window = Arrays.copyOfRange(tokens, start, Math.min(count, start + context));
      if (begins) {
        window[0] = tokens[0];
      }
      windows.add(window);
    }
    return split(windows);
  }

  private static CalibrationText split(List<int[]> windows) {
    List<int[]> fitted = new ArrayList<>();
    List<int[]> heldOut = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      boolean last = i + 1 == windows.size() && heldOut.isEmpty();
      (i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1 || last ? heldOut : fitted).add(windows.get(i));
    }
    return new CalibrationText(fitted, heldOut);
  }

  /** Tokens of some windows together. */
  public static int tokens(List<int[]> windows) {
    return windows.stream().mapToInt(window -> window.length).sum();
  }
}
