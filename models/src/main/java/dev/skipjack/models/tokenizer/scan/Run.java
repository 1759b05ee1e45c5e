package dev.skipjack.models.tokenizer.scan;

import java.util.function.IntPredicate;

/**
 * A stretch of characters of one kind: {@code lead? body{least,most} tail*}, each as long as
 * possible. When no body follows a lead, the stretch may start with the body at once.
 *
 * @param lead what may be in front, at most one
 * @param body what it is made of
 * @param least how many of the body at least
 * @param most how many of the body at most
 * @param tail what is taken along behind
 */
record Run(IntPredicate lead, IntPredicate body, int least, int most, IntPredicate tail)
    implements Scanner {
  /** No limit to how many. */
  static final int MANY = Integer.MAX_VALUE;

  private static final IntPredicate NOTHING = codePoint -> false;

  /** {@code body+}. */
  static Run of(IntPredicate body) {
    return of(body, 1, MANY);
  }

  /** {@code body{least,most}}. */
  static Run of(IntPredicate body, int least, int most) {
    return new Run(NOTHING, body, least, most, NOTHING);
  }

  /** {@code lead? body+}. */
  static Run after(IntPredicate lead, IntPredicate body) {
    return new Run(lead, body, 1, MANY, NOTHING);
  }

  /** {@code this tail*}. */
  Run with(IntPredicate tail) {
    return new Run(lead, body, least, most, tail);
  }

  @Override
  public int end(String text, int from, int to) {
    int first = text.codePointAt(from);
    int end = lead.test(first) ? bodyEnd(text, from + Character.charCount(first), to) : NONE;
    if (end == NONE) {
      end = bodyEnd(text, from, to);
    }
    return end == NONE ? NONE : skip(tail, text, end, to);
  }

  private int bodyEnd(String text, int from, int to) {
    int count = 0;
    int end = from;
    while (end < to && count < most) {
      int codePoint = text.codePointAt(end);
      if (!body.test(codePoint)) {
        break;
      }
      end += Character.charCount(codePoint);
      count++;
    }
    return count < least ? NONE : end;
  }

  /** The end of the longest stretch, perhaps empty, of characters of a kind. */
  static int skip(IntPredicate kind, String text, int from, int to) {
    int end = from;
    while (end < to) {
      int codePoint = text.codePointAt(end);
      if (!kind.test(codePoint)) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return end;
  }
}
