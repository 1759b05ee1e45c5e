package dev.skipjack.models.tokenizer.normalize;

import dev.skipjack.models.tokenizer.pipeline.Normalizer;
import dev.skipjack.models.tokenizer.scan.CharClass;
import dev.skipjack.models.tokenizer.scan.Cutter;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Small rewritings of text. */
public final class Normalizers {
  private static final int DROP = -1;
  private static final int MARKS_TOGETHER = 256;
  private static final IntPredicate MARK = CharClass.in(CharClass.MARK);

  private Normalizers() {}

  /**
   * A Unicode normal form. Marks are sorted within at most {@value #MARKS_TOGETHER} of them,
   * because {@link java.text.Normalizer} takes quadratic time for more; no language puts as many on
   * a letter.
   */
  public static Normalizer form(Form form) {
    return text -> {
      StringBuilder result = new StringBuilder(text.length());
      int from = 0;
      int marks = 0;
      for (int at = 0; at < text.length(); ) {
        int codePoint = text.codePointAt(at);
        marks = MARK.test(codePoint) ? marks + 1 : 0;
        at += Character.charCount(codePoint);
        if (marks == MARKS_TOGETHER) {
          result.append(java.text.Normalizer.normalize(text.substring(from, at), form));
          from = at;
          marks = 0;
        }
      }
      return result.append(java.text.Normalizer.normalize(text.substring(from), form)).toString();
    };
  }

  public static String lowercase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Without combining marks that take no space; they must be separate already (form D). */
  public static String stripAccents(String text) {
    return map(text, c -> Character.getType(c) == Character.NON_SPACING_MARK ? DROP : c);
  }

  public static Normalizer strip(boolean left, boolean right) {
    return text -> {
      int from = 0;
      int to = text.length();
      while (left && from < to && CharClass.isSpace(text.charAt(from))) {
        from++;
      }
      while (right && to > from && CharClass.isSpace(text.charAt(to - 1))) {
        to--;
      }
      return text.substring(from, to);
    };
  }

  /** Matches become {@code content}. */
  public static Normalizer replace(Cutter cutter, String content) {
    return text -> {
      StringBuilder result = new StringBuilder(text.length());
      cutter.cut(
          text,
          (from, to, matched) -> {
            if (matched) {
              result.append(content);
            } else {
              result.append(text, from, to);
            }
          });
      return result.toString();
    };
  }

  /** Control characters go, kinds of white space become a space, as in machine translation. */
  public static String nmt(String text) {
    return map(text, Normalizers::nmt);
  }

  private static int nmt(int c) {
    if (c >= 1 && c <= 8
        || c == 0xB
        || c >= 0xE && c <= 0x1F
        || c == 0x7F
        || c == 0x8F
        || c == 0x9F) {
      return DROP;
    }
    boolean space =
        c == '\t'
            || c == '\n'
            || c == '\f'
            || c == '\r'
            || c == 0x1680
            || c == 0xFEFF
            || c == 0xFFFD
            || c >= 0x200B && c <= 0x200F
            || c == 0x2028
            || c == 0x2029
            || c == 0x2581;
    return space ? ' ' : c;
  }

  /** Maps each code point; negative results are dropped. */
  static String map(String text, IntUnaryOperator mapping) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints().map(mapping).filter(c -> c >= 0).forEach(result::appendCodePoint);
    return result.toString();
  }
}
