package dev.skipjack.models.jinja;

import java.util.Locale;

/** Letter case as Python's string methods have it. Keeps the marks of every range. */
final class TextCase {
  private TextCase() {}

  static Text upper(Text text, Budget budget) {
    return text.mapRuns(budget, run -> run.toUpperCase(Locale.ROOT));
  }

  static Text lower(Text text, Budget budget) {
    return text.mapRuns(budget, run -> run.toLowerCase(Locale.ROOT));
  }

  static Text swap(Text text, Budget budget) {
    return text.mapRuns(
        budget,
        run ->
            run.codePoints()
                .collect(
                    StringBuilder::new,
                    (swapped, c) -> swapped.append(Character.isUpperCase(c) ? lower(c) : upper(c)),
                    StringBuilder::append)
                .toString());
  }

  /** The first letter in title case, all others in lower case. */
  static Text capitalize(Text text, Budget budget) {
    return titled(text, budget, (previous, atStart) -> atStart);
  }

  /** The first of every run of letters in title case, all others in lower case. */
  static Text title(Text text, Budget budget) {
    return titled(text, budget, (previous, atStart) -> atStart || !isCased(previous));
  }

  /** Like {@link #title} with words between blanks, hyphens and opening brackets. */
  static Text titleWords(Text text, Budget budget) {
    return titled(
        text,
        budget,
        (previous, atStart) ->
            atStart || "-({[<".indexOf(previous) >= 0 || Whitespace.is(previous));
  }

  @FunctionalInterface
  private interface WordStart {
    boolean test(int previous, boolean atStart);
  }

  private static Text titled(Text text, Budget budget, WordStart startsWord) {
    int[] previous = {-1};
    return text.mapRuns(
        budget,
        run -> {
          StringBuilder titled = new StringBuilder(run.length());
          run.codePoints()
              .forEach(
                  c -> {
                    boolean start = startsWord.test(previous[0], previous[0] < 0);
                    titled.append(start ? titleCase(c) : lower(c));
                    previous[0] = c;
                  });
          return titled.toString();
        });
  }

  private static String titleCase(int codePoint) {
    int title = Character.toTitleCase(codePoint);
    return title == codePoint ? upper(codePoint) : Character.toString(title);
  }

  private static String upper(int codePoint) {
    return Character.toString(codePoint).toUpperCase(Locale.ROOT);
  }

  private static String lower(int codePoint) {
    return Character.toString(codePoint).toLowerCase(Locale.ROOT);
  }

  static boolean isCased(int codePoint) {
    return Character.isUpperCase(codePoint)
        || Character.isLowerCase(codePoint)
        || Character.isTitleCase(codePoint);
  }

  /** Whether there are letters and all of them are upper case. */
  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> isCased(c) && !Character.isUpperCase(c));
  }

  /** Whether there are letters and all of them are lower case. */
  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> isCased(c) && !Character.isLowerCase(c));
  }
}
