package dev.skipjack.models.tokenizer.scan;

import java.util.function.IntPredicate;

/**
 * A word in which capitals come first: {@code lead?U*L+|lead?U+L*}, where {@code U} and {@code L}
 * are the capitals and the small letters together with all letters without case and all marks.
 */
record CasedWord(IntPredicate lead, IntPredicate upper, IntPredicate lower) implements Scanner {
  private static final IntPredicate UPPER = CharClass.in(CharClass.UPPER | CharClass.MARK);
  private static final IntPredicate LOWER = CharClass.in(CharClass.LOWER | CharClass.MARK);

  /** Words of any script. */
  static CasedWord after(IntPredicate lead) {
    return new CasedWord(lead, UPPER, LOWER);
  }

  /** Words without the letters of one script. */
  static CasedWord without(IntPredicate script, IntPredicate lead) {
    return new CasedWord(lead, UPPER.and(script.negate()), LOWER.and(script.negate()));
  }

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
  private int endsSmall(String text, int from, int to) {
    int capitalsEnd = Run.skip(upper, text, from, to);
    int end = Run.skip(lower, text, capitalsEnd, to);
    if (end > capitalsEnd) {
      return end;
    }
    for (int i = capitalsEnd; i > from; ) {
      int codePoint = text.codePointBefore(i);
      if (lower.test(codePoint)) {
        return i;
      }
      i -= Character.charCount(codePoint);
    }
    return NONE;
  }

  /** {@code U+L*}. */
  private int startsCapital(String text, int from, int to) {
    int capitalsEnd = Run.skip(upper, text, from, to);
    return capitalsEnd == from ? NONE : Run.skip(lower, text, capitalsEnd, to);
  }
}
