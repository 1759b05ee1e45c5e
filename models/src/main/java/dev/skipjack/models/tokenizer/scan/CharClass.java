package dev.skipjack.models.tokenizer.scan;

import java.lang.Character.UnicodeScript;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Sets of code points as unions of Unicode general categories: bit {@code t} of a mask stands for
 * the category {@link Character#getType} calls {@code t}, two spare bits for white space and line
 * ends. The names are those of {@code \p{..}} in regular expressions.
 */
public final class CharClass {
  /** {@code \p{Lu}\p{Lt}\p{Lm}\p{Lo}}: what a capitalised word may start with. */
  static final int UPPER =
      1 << Character.UPPERCASE_LETTER
          | 1 << Character.TITLECASE_LETTER
          | 1 << Character.MODIFIER_LETTER
          | 1 << Character.OTHER_LETTER;

  /** {@code \p{Ll}\p{Lm}\p{Lo}}. */
  static final int LOWER =
      1 << Character.LOWERCASE_LETTER
          | 1 << Character.MODIFIER_LETTER
          | 1 << Character.OTHER_LETTER;

  /** {@code \p{L}}. */
  public static final int LETTER = UPPER | LOWER;

  /** {@code \p{M}}. */
  public static final int MARK =
      1 << Character.NON_SPACING_MARK
          | 1 << Character.ENCLOSING_MARK
          | 1 << Character.COMBINING_SPACING_MARK;

  /** {@code \p{N}}. */
  public static final int NUMBER =
      1 << Character.DECIMAL_DIGIT_NUMBER
          | 1 << Character.LETTER_NUMBER
          | 1 << Character.OTHER_NUMBER;

  /** {@code \p{P}}. */
  public static final int PUNCTUATION =
      1 << Character.CONNECTOR_PUNCTUATION
          | 1 << Character.DASH_PUNCTUATION
          | 1 << Character.START_PUNCTUATION
          | 1 << Character.END_PUNCTUATION
          | 1 << Character.INITIAL_QUOTE_PUNCTUATION
          | 1 << Character.FINAL_QUOTE_PUNCTUATION
          | 1 << Character.OTHER_PUNCTUATION;

  /** {@code \p{S}}. */
  public static final int SYMBOL =
      1 << Character.MATH_SYMBOL
          | 1 << Character.CURRENCY_SYMBOL
          | 1 << Character.MODIFIER_SYMBOL
          | 1 << Character.OTHER_SYMBOL;

  /** {@code \s}: the White_Space property. */
  public static final int SPACE = 1 << 31;

  /** {@code [\r\n]}; the category numbers leave 17 out. */
  public static final int LINE_END = 1 << 17;

  private static final int SEPARATOR =
      1 << Character.SPACE_SEPARATOR
          | 1 << Character.LINE_SEPARATOR
          | 1 << Character.PARAGRAPH_SEPARATOR;

  private static final int WORD_CATEGORIES =
      MARK | 1 << Character.DECIMAL_DIGIT_NUMBER | 1 << Character.CONNECTOR_PUNCTUATION;

  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int NEXT_LINE = 0x85;
  private static final int FIRST_HAN = 0x2E80;
  private static final int[] ASCII = new int[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = compute(c);
    }
  }

  private CharClass() {}

  /** The code points of a union of classes. */
  public static IntPredicate in(int classes) {
    return codePoint -> (of(codePoint) & classes) != 0;
  }

  /** The code points outside a union of classes. */
  public static IntPredicate notIn(int classes) {
    return codePoint -> (of(codePoint) & classes) == 0;
  }

  /** The characters of a string. */
  public static IntPredicate oneOf(String characters) {
    return codePoint -> characters.indexOf(codePoint) >= 0;
  }

  /**
   * The characters of ranges as they stand between the brackets of a regular expression, such as
   * {@code a-z\u00B5}; every hyphen means a range.
   */
  static IntPredicate inRanges(String ranges) {
    int[] bounds = bounds(ranges);
    return codePoint -> {
      for (int i = 0; i < bounds.length; i += 2) {
        if (codePoint >= bounds[i] && codePoint <= bounds[i + 1]) {
          return true;
        }
      }
      return false;
    };
  }

  private static int[] bounds(String ranges) {
    int[] codePoints = ranges.codePoints().toArray();
    IntStream.Builder bounds = IntStream.builder();
    for (int i = 0; i < codePoints.length; i++) {
      boolean range = i + 2 < codePoints.length && codePoints[i + 1] == '-';
      bounds.add(codePoints[i]).add(codePoints[range ? i + 2 : i]);
      i += range ? 2 : 0;
    }
    return bounds.build().toArray();
  }

  /** {@code \p{Han}}. */
  static boolean isHan(int codePoint) {
    return codePoint >= FIRST_HAN && UnicodeScript.of(codePoint) == UnicodeScript.HAN;
  }

  public static boolean isSpace(int codePoint) {
    return (of(codePoint) & SPACE) != 0;
  }

  /** {@code \w} as Unicode Technical Standard 18 defines it, by properties beside categories. */
  public static boolean isWord(int codePoint) {
    return Character.isAlphabetic(codePoint)
        || (of(codePoint) & WORD_CATEGORIES) != 0
        || codePoint == ZERO_WIDTH_NON_JOINER
        || codePoint == ZERO_WIDTH_JOINER;
  }

  /** All classes of a code point. */
  public static int of(int codePoint) {
    return codePoint < ASCII.length ? ASCII[codePoint] : compute(codePoint);
  }

  private static int compute(int codePoint) {
    int category = 1 << Character.getType(codePoint);
    boolean space =
        (category & SEPARATOR) != 0
            || codePoint >= '\t' && codePoint <= '\r'
            || codePoint == NEXT_LINE;
    boolean lineEnd = codePoint == '\r' || codePoint == '\n';
    return category | (space ? SPACE : 0) | (lineEnd ? LINE_END : 0);
  }
}
