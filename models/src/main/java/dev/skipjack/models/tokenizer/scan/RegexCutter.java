package dev.skipjack.models.tokenizer.scan;

import dev.skipjack.loader.container.ModelFormatException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a tokenizer file that none of the scanners stands for. A match of nothing
 * cuts where it is.
 *
 * <p>{@link Pattern} recurses once per round of a repeated group, so a long match could overflow
 * the stack. Patterns with such groups see at most {@value #WINDOW} characters from where they
 * start: a longer match is cut there. Patterns that try too many ways are given up.
 */
public final class RegexCutter implements Cutter {
  private static final int WINDOW = 1000;
  private static final Pattern REPEATED_GROUP = Pattern.compile("(?<!\\\\)\\)[*+{]");
  private static final Pattern SCRIPT =
      Pattern.compile("\\\\([pP])\\{((?!Is|In)[A-Z][a-z_A-Z]{2,})\\}");

  private final String source;
  private final Pattern pattern;
  private final boolean windowed;

  /**
   * @param regex in the syntax of Oniguruma, as far as {@link Pattern} shares it
   * @param source the file, for messages
   * @throws PatternSyntaxException if it does not
   */
  public RegexCutter(String regex, String source) {
    this.source = source;
    this.pattern = Pattern.compile(javaSyntax(regex), Pattern.UNICODE_CHARACTER_CLASS);
    this.windowed = REPEATED_GROUP.matcher(regex).find();
  }

  /**
   * @throws ModelFormatException if the pattern takes more steps than any sound one
   */
  @Override
  public void cut(String text, Stretches stretches) {
    try {
      cutAsTold(text, stretches);
    } catch (StackOverflowError | MeteredText.Exhausted e) {
      throw new ModelFormatException(
          source,
          "pattern \"" + pattern + "\"",
          "no end within " + MeteredText.budget(text.length()) + " steps",
          "a regular expression that goes through a text of %d characters in fewer"
              .formatted(text.length()));
    }
  }

  private void cutAsTold(String text, Stretches stretches) {
    Matcher matcher =
        pattern.matcher(new MeteredText(text)).useTransparentBounds(true).useAnchoringBounds(false);
    int gap = 0;
    int from = 0;
    while (from < text.length()) {
      boolean found = windowed ? findInWindow(matcher, text, from) : findFrom(matcher, text, from);
      if (!found) {
        if (!windowed) {
          break;
        }
        from += Character.charCount(text.codePointAt(from));
      } else if (matcher.end() == matcher.start()) {
        int at = matcher.end();
        if (gap < at) {
          stretches.accept(gap, at, false);
        }
        gap = at;
        from = at < text.length() ? at + Character.charCount(text.codePointAt(at)) : at + 1;
      } else {
        if (gap < matcher.start()) {
          stretches.accept(gap, matcher.start(), false);
        }
        stretches.accept(matcher.start(), matcher.end(), true);
        gap = matcher.end();
        from = gap;
      }
    }
    if (gap < text.length()) {
      stretches.accept(gap, text.length(), false);
    }
  }

  /** {@link Matcher#find(int)} would reset the bounds' meaning. */
  private static boolean findFrom(Matcher matcher, String text, int from) {
    return matcher.region(from, text.length()).find();
  }

  private static boolean findInWindow(Matcher matcher, String text, int from) {
    int end = Math.min(text.length(), from + WINDOW);
    if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
      end--;
    }
    return matcher.region(from, end).lookingAt();
  }

  /** Java spells scripts {@code \p{IsHan}}. */
  private static String javaSyntax(String regex) {
    return SCRIPT.matcher(regex).replaceAll("\\\\$1{Is$2}");
  }
}
