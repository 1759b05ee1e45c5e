package dev.skipjack.models.tokenizer.scan;

/** The ways white space is cut. */
enum WhiteSpace implements Scanner {
  /** {@code \s*[\r\n]+}: white space up to the last line end in it. */
  THROUGH_LINE_END {
    @Override
    public int end(String text, int from, int to) {
      int end = runEnd(text, from, to);
      while (end > from && (CharClass.of(text.charAt(end - 1)) & CharClass.LINE_END) == 0) {
        end--;
      }
      return end == from ? NONE : end;
    }
  },

  /** {@code \s+(?!\S)}: white space without the character that belongs to the next word. */
  BEFORE_LAST {
    @Override
    public int end(String text, int from, int to) {
      int runEnd = runEnd(text, from, to);
      int end = runEnd == to ? runEnd : runEnd - 1;
      return end <= from ? NONE : end;
    }
  },

  /** {@code \s+}. */
  ALL {
    @Override
    public int end(String text, int from, int to) {
      int end = runEnd(text, from, to);
      return end == from ? NONE : end;
    }
  };

  /** All white space is in the basic plane: one char each. */
  private static int runEnd(String text, int from, int to) {
    int end = from;
    while (end < to && CharClass.isSpace(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
