package dev.skipjack.models.tokenizer.scan;

import static dev.skipjack.models.tokenizer.scan.CharClass.LINE_END;

/** The ways white space is cut. */
enum WhiteSpace implements Scanner {
  /** {@code \s*[\r\n]+}: white space up to the last line end in it. */
  THROUGH_LINE_END {
    @Override
    public int end(String text, int from, int to) {
      int end = runEnd(text, from, to);
      while (end > from && (CharClass.of(text.charAt(end - 1)) & LINE_END) == 0) {
        end--;
      }
      return end == from ? NONE : end;
    }
  },

  /**
   * {@code \s*[\r\n]+} among alternatives that leave no line end behind: white space inside a
   * stretch of it that began earlier has none ahead, which need not be looked at again.
   */
  THROUGH_LINE_END_AT_START {
    @Override
    public int end(String text, int from, int to) {
      int before = from == 0 ? 'x' : text.charAt(from - 1);
      boolean inside = CharClass.isSpace(before) && (CharClass.of(before) & LINE_END) == 0;
      return inside ? NONE : THROUGH_LINE_END.end(text, from, to);
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
  },

  /** {@code \s+$}: white space up to the end of the text, found where it begins. */
  TRAILING {
    @Override
    public int end(String text, int from, int to) {
      boolean inside = from > 0 && CharClass.isSpace(text.charAt(from - 1));
      return inside || runEnd(text, from, to) < to ? NONE : to;
    }
  },

  /**
   * {@code \s{512}(?!\S)|\s{256}(?!\S)|..|\s{1,2}(?!\S)|\s}: the largest power of two that leaves
   * the character that belongs to the next word.
   */
  POWER_OF_TWO {
    @Override
    public int end(String text, int from, int to) {
      int limit = Math.min(to, from + LARGEST_POWER + 1);
      int runEnd = runEnd(text, from, limit);
      if (runEnd == from) {
        return NONE;
      }
      int spare = runEnd == to ? runEnd - from : runEnd - from - 1;
      return from + Math.clamp(Integer.highestOneBit(spare), 1, LARGEST_POWER);
    }
  };

  private static final int LARGEST_POWER = 512;

  /** All white space is in the basic plane: one char each. */
  private static int runEnd(String text, int from, int to) {
    int end = from;
    while (end < to && CharClass.isSpace(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
