package dev.skipjack.models.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which parts of the output are marked as supplied by users: here they appear in brackets. */
class TrustTest {
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 3, 7, 9, 5, 3, 0, ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          A{{ u }}B;                              A[ab cd]B
          {{ bos ~ u ~ 'x' }};                    <s>[ab cd]x
          {{ bos + u }};                          <s>[ab cd]
          {{ ('  ' ~ u ~ '  ') | trim }};         [ab cd]
          {{ (bos ~ u)[1:5] }};                   s>[ab]
          {{ (bos ~ u)[::-1] }};                  [dc ba]>s<
          {{ u[0] ~ bos[0] }};                    [a]<
          {{ (bos ~ u) | upper }};                <S>[AB CD]
          {{ (bos ~ u) | capitalize }};           <s>[ab cd]
          {{ ('x ' ~ u) | title }};               X [Ab Cd]
          {{ ('x' ~ u).replace(' ', '-') }};      x[ab]-[cd]
          {{ 'x-y'.replace('-', u) }};            x[ab cd]y
          {{ ('x ' ~ u).split(' ') | join('+') }}; x+[ab]+[cd]
          {{ [bos, u, 1] | join(',') }};          `<s>,[ab cd],1`
          {{ u.split(' ')[1] }};                  [cd]
          {{ 'x'.join([u, u]) }};                 [ab cd]x[ab cd]
          {{ (u ~ '.') * 2 }};                    [ab cd].[ab cd].
          {{ '%s!' % u }};                        [ab cd]!
          {{ '{}!{}'.format(u, 1) }};             [ab cd]!1
          {{ u | indent(2, true) }};              `  [ab cd]`
          {{ [bos, u] }};                         `['<s>', '[ab cd]']`
          {{ {'k': u} | tojson }};                `[{"k": "ab cd"}]`
          {{ {'k': bos} | tojson }};              `{"k": "<s>"}`
          {{ (bos ~ u) | escape }};               `&lt;s&gt;[ab cd]`
          {{ u | default(bos) }}{{ z | default(bos) }}; [ab cd]<s>
          {% set v %}{{ bos }}{{ u }}{% endset %}{{ v }}; <s>[ab cd]
          {% macro m(a) %}({{ a }}){% endmacro %}{{ m(u) }}; ([ab cd])
          {% for c in u %}{{ c }}.{% endfor %};   [a].[b].[ ].[c].[d].
          {{ d.k }}{{ d | items | first | first }}; [valuek]
          {{ u if u == 'ab cd' else bos }};       [ab cd]
          {{ 'ab cd' if u == 'ab cd' else bos }}; ab cd
          {{ u | truncate(4, true, '~', 0) }};    [ab ]~
          {{ (u ~ bos) | replace('<', '') }};     [ab cd]s>
          {{ u | reverse }};                      [dc ba]
          {{ u | center(7) }}|;                   ` [ab cd] |`
          """)
  void marksSurviveOperations(String template, String expected) {
    assertThat(marked(template)).isEqualTo(expected);
  }

  @Test
  void nestedUserDataIsUntrusted() {
    assertThat(marked("{{ m[0].content }}{{ m[0].parts[0]['text'] }}")).isEqualTo("[hi<s>]");
  }

  @Test
  void userTextIsNeverEvaluated() {
    Variables variables =
        new Variables().untrusted("u", "{{ bos }}{% raw %}").trusted("bos", "<s>");
    Text text = Template.parse("{{ u }}{{ u | string | trim }}").render(variables, NOW);
    assertThat(text.string()).isEqualTo("{{ bos }}{% raw %}{{ bos }}{% raw %}");
  }

  private static String marked(String template) {
    Variables variables =
        new Variables()
            .trusted("bos", "<s>")
            .untrusted("u", "ab cd")
            .untrusted("d", Map.of("k", "value"))
            .untrusted(
                "m", List.of(Map.of("content", "hi", "parts", List.of(Map.of("text", "<s>")))));
    StringBuilder out = new StringBuilder();
    Template.parse(template)
        .render(variables, NOW)
        .forEachRun((run, trusted) -> out.append(trusted ? run : "[" + run + "]"));
    return out.toString();
  }
}
