package dev.skipjack.models.tokenizer.scan;

/** Divides a text into stretches that match a pattern and those between. Thread-safe. */
@FunctionalInterface
public interface Cutter {
  /** Receives stretches in order; none is empty and together they are the text. */
  @FunctionalInterface
  interface Stretches {
    void accept(int from, int to, boolean matched);
  }

  void cut(String text, Stretches stretches);

  /** What a scanner recognises, tried at each place from left to right. */
  static Cutter of(Scanner scanner) {
    return (text, stretches) -> {
      int gap = 0;
      int from = 0;
      while (from < text.length()) {
        int end = scanner.end(text, from, text.length());
        if (end == Scanner.NONE) {
          from += Character.charCount(text.codePointAt(from));
        } else {
          if (gap < from) {
            stretches.accept(gap, from, false);
          }
          stretches.accept(from, end, true);
          gap = end;
          from = end;
        }
      }
      if (gap < text.length()) {
        stretches.accept(gap, text.length(), false);
      }
    };
  }

  /** Matches and gaps swapped. */
  default Cutter inverted() {
    return (text, stretches) ->
        cut(text, (from, to, matched) -> stretches.accept(from, to, !matched));
  }
}
