package dev.skipjack.models.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;

/** Whatever the source is, the outcome is a text or a {@link TemplateException}, and soon. */
class TemplateFuzzTest {
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 3, 7, 9, 5, 3, 0, ZoneOffset.UTC);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Property(tries = 3000, seed = "4711")
  void randomTokens(@ForAll("soup") List<String> tokens) {
    terminates(String.join(" ", tokens));
  }

  @Property(tries = 2000, seed = "4712")
  void randomExpressions(@ForAll("expression") String expression) {
    terminates("{{ " + expression + " }}");
  }

  @Property(tries = 1000, seed = "4713")
  void randomCharacters(@ForAll("characters") String source) {
    terminates(source);
  }

  @Property(tries = 500, seed = "4714")
  void runsMakeUpTheText(@ForAll("expression") String expression) {
    try {
      Text text = render("{{ u ~ (" + expression + ") ~ u }}");
      StringBuilder runs = new StringBuilder();
      boolean[] previous = new boolean[1];
      text.forEachRun(
          (run, trusted) -> {
            assertThat(run).isNotEmpty();
            assertThat(runs.isEmpty() || previous[0] != trusted).isTrue();
            previous[0] = trusted;
            runs.append(run);
          });
      assertThat(runs.toString()).isEqualTo(text.string());
    } catch (TemplateException e) {
      assertThat(e).hasMessageStartingWith("line 1: ");
    }
  }

  private static void terminates(String source) {
    Assertions.assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          try {
            assertThat(render(source).string()).isNotNull();
          } catch (TemplateException e) {
            assertThat(e).hasMessageMatching("(?s).+");
          }
        },
        source);
  }

  private static Text render(String source) {
    Variables variables =
        new Variables()
            .untrusted("u", "us😀r <s>")
            .untrusted("n", 3)
            .untrusted("l", List.of(1, "a", 2.5, List.of()))
            .untrusted("d", Map.of("a", Map.of("b", "c")));
    return Template.parse(source).render(variables, NOW);
  }

  @Provide
  Arbitrary<List<String>> soup() {
    return Arbitraries.of(
            "{%",
            "%}",
            "{{",
            "}}",
            "{#",
            "#}",
            "{%-",
            "-%}",
            "{{-",
            "-}}",
            "+%}",
            "if",
            "elif",
            "else",
            "endif",
            "for",
            "in",
            "endfor",
            "set",
            "endset",
            "macro",
            "endmacro",
            "call",
            "endcall",
            "filter",
            "endfilter",
            "raw",
            "endraw",
            "generation",
            "break",
            "continue",
            "x",
            "y",
            "u",
            "l",
            "d",
            "loop",
            "namespace()",
            "f(",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "=",
            "==",
            "|",
            "~",
            ".",
            ",",
            ":",
            "1",
            "2.5",
            "'s'",
            "is",
            "not",
            "defined",
            "\n",
            "range(9)",
            "upper",
            "a.b",
            "and",
            "or",
            "{% if x %}",
            "{% endif %}",
            "{% for x in l %}",
            "{% endfor %}",
            "{% set x = 1 %}",
            "{{ x }}")
        .list()
        .ofMaxSize(40);
  }

  @Provide
  Arbitrary<String> characters() {
    return Arbitraries.strings()
        .withChars("{}%#-+ \n\"'\\|~.,:()[]=<>aif01u\u00e9\ud83d\ude00\u2028")
        .ofMaxLength(80);
  }

  @Provide
  Arbitrary<String> expression() {
    Arbitrary<String> leaf =
        Arbitraries.of(
            "u",
            "n",
            "l",
            "d",
            "nothing",
            "none",
            "true",
            "0",
            "-1",
            "7",
            "2.5",
            "'ab'",
            "''",
            "[]",
            "{}",
            "1e308",
            "range(5)",
            "99999999999999999999",
            "d.a",
            "l[0]",
            "' x\\ny '");
    return Arbitraries.lazyOf(
        () -> leaf,
        () -> leaf,
        () -> binary(),
        () -> suffixed(),
        () -> expression().map(e -> "[" + e + ", n]"),
        () -> expression().map(e -> "{'k': " + e + "}"),
        () -> expression().map(e -> "(not " + e + ")"));
  }

  private Arbitrary<String> binary() {
    Arbitrary<String> operators =
        Arbitraries.of(
            "+",
            "-",
            "*",
            "/",
            "//",
            "%",
            "**",
            "~",
            "==",
            "!=",
            "<",
            ">=",
            "in",
            "not in",
            "and",
            "or",
            "if 1 else");
    return expression()
        .flatMap(
            left ->
                operators.flatMap(
                    operator ->
                        expression()
                            .map(right -> "(" + left + " " + operator + " " + right + ")")));
  }

  private Arbitrary<String> suffixed() {
    Arbitrary<String> suffixes =
        Arbitraries.of(
            "[::-1]",
            "[1:]",
            "[-2:9:2]",
            "[0]",
            "['k']",
            ".k",
            ".items()",
            "|length",
            "|tojson",
            "|tojson(indent=2)",
            "|trim",
            "|upper",
            "|list",
            "|first",
            "|join(u)",
            "|sort",
            "|unique",
            "|reverse",
            "|string",
            "|int",
            "|float",
            "|round(2)",
            "|default('z')",
            "|map('string')|list",
            "|select|list",
            "|replace('a', u)",
            "|indent",
            "|title",
            "|batch(2)",
            "|slice(3)",
            "|groupby(0)",
            "|sum",
            "|min",
            "|dictsort",
            "|truncate(3)",
            "|center(9)",
            "|abs",
            "|format(n)",
            ".split()",
            ".split('a', 1)",
            ".rsplit('s', n)",
            ".strip('u')",
            ".replace('', u)",
            ".title()",
            ".find('s', -3)",
            ".format(u, k=n)",
            ".splitlines()",
            ".partition('s')",
            " is string",
            " is divisibleby 2",
            " is in l");
    return expression().flatMap(e -> suffixes.map(suffix -> "(" + e + suffix + ")"));
  }
}
