package dev.skipjack.models.tokenizer.scan;

import java.util.function.IntPredicate;

/**
 * A word in which capitals come first: {@code lead?U*L+|lead?U+L*}, where {@code U} and {@code L}
 * are the capitals and the small letters together with all letters without case and all marks.
 */
record CasedWord(IntPredicate lead) implements Scanner {
  private static final IntPredicate UPPER = CharClass.in(CharClass.UPPER | CharClass.MARK);
  private static final IntPredicate LOWER = CharClass.in(CharClass.LOWER | CharClass.MARK);

  @Override
  public int end(String text, int from, int to) {
    int first = text.codePointAt(from);
    int afterLead = lead.test(first) ? from + Character.charCount(first) : NONE;
    int end = afterLead == NONE ? NONE : endsSmall(text, afterLead, to);
    if (end == NONE) {
      end = endsSmall(text, from, to);
    }
    if (end == NONE && afterLead != NONE) {
      end = startsCapital(text, afterLead, to);
    }
    return end == NONE ? startsCapital(text, from, to) : end;
  }

  /** {@code U*L+}; when no small letter follows the capitals, the last of them that is both. */
  private static int endsSmall(String text, int from, int to) {
    int capitalsEnd = Run.skip(UPPER, text, from, to);
    int end = Run.skip(LOWER, text, capitalsEnd, to);
    if (end > capitalsEnd) {
      return end;
    }
    for (int i = capitalsEnd; i > from; ) {
      int codePoint = text.codePointBefore(i);
      if (LOWER.test(codePoint)) {
        return i;
      }
      i -= Character.charCount(codePoint);
    }
    return NONE;
  }

  /** {@code U+L*}. */
  private static int startsCapital(String text, int from, int to) {
    int capitalsEnd = Run.skip(UPPER, text, from, to);
    return capitalsEnd == from ? NONE : Run.skip(LOWER, text, capitalsEnd, to);
  }
}
