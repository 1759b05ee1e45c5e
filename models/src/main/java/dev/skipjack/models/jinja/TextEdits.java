package dev.skipjack.models.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Stripping, splitting, replacing and padding. Keeps the marks of every range. */
final class TextEdits {
  private TextEdits() {}

  /** Removes characters of a set, or white space when it is absent, from either side. */
  static Text strip(Text text, Optional<Text> characters, boolean left, boolean right) {
    IntPredicate removed =
        characters
            .<IntPredicate>map(set -> c -> set.string().indexOf(c) >= 0)
            .orElse(Whitespace::is);
    String string = text.string();
    int from = 0;
    int to = string.length();
    while (left && from < to && removed.test(string.codePointAt(from))) {
      from += Character.charCount(string.codePointAt(from));
    }
    while (right && to > from && removed.test(string.codePointBefore(to))) {
      to -= Character.charCount(string.codePointBefore(to));
    }
    return text.range(from, to);
  }

  /**
   * The parts between separators.
   *
   * @param limit how many separators count, from the left; negative for all
   */
  static List<Text> split(Text text, Text separator, int limit) {
    requireSeparator(separator);
    List<Text> parts = new ArrayList<>();
    int from = 0;
    int found = text.string().indexOf(separator.string());
    while (found >= 0 && parts.size() != limit) {
      parts.add(text.range(from, found));
      from = found + separator.string().length();
      found = text.string().indexOf(separator.string(), from);
    }
    parts.add(text.range(from, text.string().length()));
    return parts;
  }

  /** Like {@link #split} with the limit counted from the right. */
  static List<Text> splitFromRight(Text text, Text separator, int limit) {
    requireSeparator(separator);
    List<Text> parts = new ArrayList<>();
    int width = separator.string().length();
    int to = text.string().length();
    int found = text.string().lastIndexOf(separator.string(), to - width);
    while (found >= 0 && parts.size() != limit) {
      parts.add(text.range(found + width, to));
      to = found;
      found = to < width ? -1 : text.string().lastIndexOf(separator.string(), to - width);
    }
    parts.add(text.range(0, to));
    return parts.reversed();
  }

  private static void requireSeparator(Text separator) {
    if (separator.isEmpty()) {
      throw new TemplateException("a separator cannot be empty");
    }
  }

  /** The words between white space; what is left after the limit is one part, as it is. */
  static List<Text> words(Text text, int limit) {
    List<Text> words = new ArrayList<>();
    String string = text.string();
    int from = Whitespace.skip(string, 0);
    while (from < string.length()) {
      int to = words.size() == limit ? string.length() : wordEnd(string, from);
      words.add(text.range(from, to));
      from = Whitespace.skip(string, to);
    }
    return words;
  }

  private static int wordEnd(String string, int from) {
    int end = from;
    while (end < string.length() && !Whitespace.is(string.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Like {@link #words} with the limit counted from the right. */
  static List<Text> wordsFromRight(Text text, int limit) {
    List<Text> words = new ArrayList<>();
    String string = text.string();
    int to = Whitespace.endOfText(string, string.length());
    while (to > 0) {
      int from = words.size() == limit ? 0 : wordStart(string, to);
      words.add(text.range(from, to));
      to = Whitespace.endOfText(string, from);
    }
    return words.reversed();
  }

  private static int wordStart(String string, int to) {
    int start = to;
    while (start > 0 && !Whitespace.is(string.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  /** The lines, without or with their ends. */
  static List<Text> lines(Text text, boolean keepEnds) {
    List<Text> lines = new ArrayList<>();
    String string = text.string();
    int from = 0;
    for (int i = 0; i < string.length(); i++) {
      if ("\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(string.charAt(i)) >= 0) {
        int end = string.startsWith("\r\n", i) ? i + 2 : i + 1;
        lines.add(text.range(from, keepEnds ? end : i));
        from = end;
        i = end - 1;
      }
    }
    if (from < string.length()) {
      lines.add(text.range(from, string.length()));
    }
    return lines;
  }

  /**
   * Replaces occurrences from the left.
   *
   * @param limit how many at most; negative for all
   */
  static Text replace(Text text, Text old, Text replacement, int limit, Budget budget) {
    if (old.isEmpty()) {
      return interleave(text, replacement, limit, budget);
    }
    return join(replacement, split(text, old, limit), budget);
  }

  /** Python inserts the replacement for nothing around every character. */
  private static Text interleave(Text text, Text replacement, int limit, Budget budget) {
    TextBuilder out = new TextBuilder(budget);
    String string = text.string();
    int inserted = 0;
    int from = 0;
    while (inserted != limit) {
      out.append(replacement);
      inserted++;
      if (from >= string.length()) {
        return out.toText();
      }
      int to = from + Character.charCount(string.codePointAt(from));
      out.append(text, from, to);
      from = to;
    }
    return out.append(text, from, string.length()).toText();
  }

  static Text join(Text separator, List<Text> parts, Budget budget) {
    TextBuilder joined = new TextBuilder(budget);
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        joined.append(separator);
      }
      joined.append(parts.get(i));
    }
    return joined.toText();
  }

  /** Fills up on both sides. */
  static Text pad(Text text, long left, long right, String fill, Budget budget) {
    budget.admitText(text.string().length() + Math.max(0, left) + Math.max(0, right));
    return new TextBuilder(budget)
        .append(fill.repeat((int) Math.max(0, left)))
        .append(text)
        .append(fill.repeat((int) Math.max(0, right)))
        .toText();
  }

  /** Centres as {@code str.center} does: an odd rest goes left when the width is odd. */
  static Text center(Text text, int width, String fill, Budget budget) {
    long space = Math.max(0L, (long) width - text.length());
    long left = space / 2 + (space & width & 1);
    return pad(text, left, space - left, fill, budget);
  }
}
