package dev.skipjack.models.tokenizer.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each scanner against the regular expression it stands for, run by java.util.regex. */
class WordPatternTest {
  /** Long enough that a recursive or quadratic scanner would not come back. */
  private static final int LONG = 300_000;

  /** UNICODE_CHARACTER_CLASS would fold case beyond ASCII inside (?i:..) too. */
  private static final Map<WordPattern, Pattern> REGEXES =
      Arrays.stream(WordPattern.values())
          .collect(
              Collectors.toMap(
                  pattern -> pattern,
                  pattern ->
                      Pattern.compile(
                          pattern.regex().replace("(?i:", "(?i-U:"),
                          Pattern.UNICODE_CHARACTER_CLASS)));

  @Property(tries = 800, seed = "20261123")
  void everyPatternCutsAsItsRegularExpression(@ForAll("texts") String text) {
    for (WordPattern pattern : WordPattern.values()) {
      assertThat(cut(pattern, text)).as("%s", pattern).isEqualTo(cutByRegex(pattern, text));
    }
  }

  @ParameterizedTest
  @EnumSource
  void longRunsTakeLinearTimeAndNoStack(WordPattern pattern) {
    for (String unit :
        List.of(
            " ", "\n", "a", "A", "7", "\u0301", "😀", "界", "'", " \n", "ªA", "!", "a ", "<", "IMG",
            "! ")) {
      String text = unit.repeat(LONG / unit.length()) + "x";
      int[] length = {0};
      Split.isolated(pattern.cutter()).split(text, true, piece -> length[0] += piece.length());
      assertThat(length[0]).isEqualTo(text.length());
    }
  }

  @Test
  void contractionsFoldTheLongSOnlyWhenTold() {
    String text = "'\u017Fx";
    assertThat(new Contraction(Contraction.LetterCase.ASCII).end(text, 0, 3)).isEqualTo(-1);
    assertThat(new Contraction(Contraction.LetterCase.UNICODE).end(text, 0, 3)).isEqualTo(2);
  }

  /** Strings in which every class and every special character of the expressions is frequent. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> telling =
        Arbitraries.of(
            " ",
            "  ",
            "\t",
            "\r",
            "\n",
            "\u0085",
            "\u00A0",
            "\u3000",
            "\u2028",
            "'",
            "'s",
            "'LL",
            "'re",
            "'V",
            "a",
            "ab",
            "Q",
            "QX",
            "ǅ",
            "ʰ",
            "ª",
            "ß",
            "ſ",
            "\u0301",
            "\u0903",
            "é",
            "Й",
            "й",
            "界",
            "龥",
            "龦",
            "か",
            "カ",
            "각",
            "1",
            "23",
            "4567",
            "٣",
            "Ⅷ",
            "½",
            ".",
            ",",
            "!",
            "!?",
            "/",
            "|",
            "`",
            "~",
            "$",
            "+",
            "<",
            "…",
            "，",
            "।",
            "(",
            "[",
            "_",
            "-",
            "€",
            "😀",
            "👩‍👩‍👧",
            "𝒜",
            "𐐀",
            "\u200B",
            "\uFEFF",
            "\uE000",
            "\u0000",
            "\u0378",
            "1234567",
            "<sentinel:12>",
            "<sentinel:",
            ">",
            "IMGIMG",
            "IMGIMGABZ",
            "CDEFZ",
            "々",
            "〇",
            "ㄅ",
            "ㄱ",
            "、",
            "。",
            "ก",
            "ၐ",
            "Ａ",
            "！",
            "ა",
            "Ⴀ",
            "ʔ",
            " ".repeat(7),
            "\t".repeat(40),
            " ".repeat(700));
    Arbitrary<String> any =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(c -> c > Character.MAX_VALUE || !Character.isSurrogate((char) (int) c))
            .map(Character::toString);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(9, telling), net.jqwik.api.Tuple.of(1, any))
        .list()
        .ofMaxSize(24)
        .map(parts -> String.join("", parts));
  }

  private static List<String> cut(WordPattern pattern, String text) {
    List<String> pieces = new ArrayList<>();
    Split.isolated(pattern.cutter()).split(text, true, pieces::add);
    return pieces;
  }

  private static List<String> cutByRegex(WordPattern pattern, String text) {
    Matcher matcher = REGEXES.get(pattern).matcher(text);
    List<String> pieces = new ArrayList<>();
    int gap = 0;
    while (matcher.find()) {
      if (gap < matcher.start()) {
        pieces.add(text.substring(gap, matcher.start()));
      }
      if (matcher.start() < matcher.end()) {
        pieces.add(matcher.group());
      }
      gap = matcher.end();
    }
    if (gap < text.length()) {
      pieces.add(text.substring(gap));
    }
    return pieces;
  }
}
