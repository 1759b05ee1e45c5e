package dev.skipjack.models.tokenizer.scan;

import java.util.function.IntPredicate;

/**
 * Cuts numbers into groups of three digits from their ends, as thousands are written. The length of
 * a number has to be known before its first group is, so this goes from number to number rather
 * than from place to place.
 */
enum DigitGroups implements Cutter {
  /** {@code \p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))}: every number. */
  AFMOE(CharClass.in(CharClass.NUMBER)),

  /** {@code \d{1,3}(?=(?:\d{3})*\b)}: numbers that no word character follows. */
  TINY_AYA(Character::isDigit) {
    @Override
    boolean isGrouped(String text, int end) {
      return end == text.length() || !CharClass.isWord(text.codePointAt(end));
    }
  },

  /**
   * {@code (?=(\d{3})+(?!\d))}: cuts at places where whole groups follow, so that what is before
   * the first group and behind the last stays with it.
   */
  SUPERBPE(Character::isDigit) {
    @Override
    int group(String text, int gap, int from, int to, Stretches stretches) {
      int done = gap;
      int cut = text.offsetByCodePoints(from, text.codePointCount(from, to) % SIZE);
      for (; cut < to; cut = text.offsetByCodePoints(cut, SIZE)) {
        if (done < cut) {
          stretches.accept(done, cut, false);
        }
        done = cut;
      }
      return done;
    }
  };

  private static final int SIZE = 3;

  private final IntPredicate digit;

  DigitGroups(IntPredicate digit) {
    this.digit = digit;
  }

  @Override
  public void cut(String text, Stretches stretches) {
    int gap = 0;
    int from = 0;
    while (from < text.length()) {
      int end = Run.skip(digit, text, from, text.length());
      if (end == from) {
        from += Character.charCount(text.codePointAt(from));
      } else {
        gap = isGrouped(text, end) ? group(text, gap, from, end, stretches) : gap;
        from = end;
      }
    }
    if (gap < text.length()) {
      stretches.accept(gap, text.length(), false);
    }
  }

  /** Whether a number that ends here is cut. */
  boolean isGrouped(String text, int end) {
    return true;
  }

  /**
   * Cuts the number {@code [from, to)}.
   *
   * @param gap where what was not yet passed on begins
   * @return the same afterwards
   */
  int group(String text, int gap, int from, int to, Stretches stretches) {
    if (gap < from) {
      stretches.accept(gap, from, false);
    }
    int first = (text.codePointCount(from, to) - 1) % SIZE + 1;
    int start = from;
    for (int end = text.offsetByCodePoints(from, first); start < to; ) {
      stretches.accept(start, end, true);
      start = end;
      end = start < to ? text.offsetByCodePoints(start, SIZE) : to;
    }
    return to;
  }
}
