package dev.skipjack.models.tokenizer.scan;

import java.util.function.IntPredicate;

/**
 * Words with single blanks between them: {@code lead?(?:LM*(?: LM*)*)+} of letters {@code L} and
 * marks {@code M}. When no letter follows a lead, the words may start at once.
 */
record Phrase(IntPredicate lead) implements Scanner {
  private static final IntPredicate LETTER = CharClass.in(CharClass.LETTER);
  private static final IntPredicate MARK = CharClass.in(CharClass.MARK);

  @Override
  public int end(String text, int from, int to) {
    int first = text.codePointAt(from);
    int end = lead.test(first) ? words(text, from + Character.charCount(first), to) : NONE;
    return end == NONE ? words(text, from, to) : end;
  }

  private static int words(String text, int from, int to) {
    int end = letter(text, from, to);
    int next = end;
    while (next != NONE) {
      end = next;
      boolean blank = end < to && text.charAt(end) == ' ';
      next = letter(text, blank ? end + 1 : end, to);
    }
    return end;
  }

  /** The end of a letter and its marks. */
  private static int letter(String text, int from, int to) {
    if (from >= to) {
      return NONE;
    }
    int first = text.codePointAt(from);
    return LETTER.test(first) ? Run.skip(MARK, text, from + Character.charCount(first), to) : NONE;
  }
}
