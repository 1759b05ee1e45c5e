package dev.skipjack.models.tokenizer.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skipjack.loader.container.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regular expressions that come with a file, and with it from anybody. */
class RegexCutterTest {
  @Test
  void matchesOfNothingCutWhereTheyAre() {
    assertThat(cut("(?=(\\d{3})+(?!\\d))", "a1234567b")).containsExactly("a1", "234", "567b");
    assertThat(cut("(?=[A-Z])", "camelCaseWord")).containsExactly("camel", "Case", "Word");
    assertThat(cut("x*", "axx\uD83D\uDE00b")).containsExactly("a", "xx", "\uD83D\uDE00", "b");
  }

  @Test
  void scriptsHaveTheirOnigurumaNames() {
    assertThat(cut("\\p{Han}+", "a漢字b")).containsExactly("a", "漢字", "b");
  }

  /** Exponential, quadratic, and deep. */
  @ParameterizedTest
  @ValueSource(
      strings = {"(?:a|a|a)+b", "(?:a|aa)+b", "a*a*a*a*b", "(?:(?:(?:a|b)*c?)*d?)*e", "(a?){900}b"})
  void aPatternThatGoesOnForAgesIsGivenUp(String regex) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> cut(regex, "a".repeat(20_000)))
        .withMessageStartingWith("tokenizer.json: pattern ")
        .withMessageContaining("no end within 21000000 steps");
  }

  @Test
  void aLongMatchIsCutAndNotTooDeep() {
    String text = "ab".repeat(200_000);
    assertThat(String.join("", cut("(?:a|b)+", text))).isEqualTo(text);
  }

  private static List<String> cut(String regex, String text) {
    List<String> pieces = new ArrayList<>();
    Split.isolated(new RegexCutter(regex, "tokenizer.json")).split(text, true, pieces::add);
    return pieces;
  }
}
