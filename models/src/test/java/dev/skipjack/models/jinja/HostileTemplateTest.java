package dev.skipjack.models.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that try to escape from the sandbox or to exhaust it. */
class HostileTemplateTest {
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 3, 7, 9, 5, 3, 0, ZoneOffset.UTC);

  /** Of the processor: a busy machine is no reason to fail. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration FUSE = Duration.ofMinutes(10);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ [].__class__.__base__ }}",
        "{{ ().__class__.__bases__[0] }}",
        "{{ ''['__class__']['__mro__'] }}",
        "{{ '' | attr('__class__') | attr('__mro__') }}",
        "{{ messages.__init__.__globals__ }}",
        "{{ range.__globals__['os'].popen('id').read() }}",
        "{{ self.__init__.__globals__ }}",
        "{{ self._TemplateReference__context.joiner.__init__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id') }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ lipsum.__globals__ }}",
        "{{ config.items() }}",
        "{{ request.application.__globals__ }}",
        "{{ ''.getClass().forName('java.lang.Runtime') }}",
        "{{ messages.getClass().getClassLoader() }}",
        "{{ messages.class.classLoader.parent }}",
        "{{ T('java.lang.Runtime').getRuntime().exec('id') }}",
        "{{ raise_exception.func_globals.os }}",
        "{{ '{0.__class__.__mro__}'.format('') }}",
        "{{ '{0[a]}'.format({'a': 1}) }}",
        "{{ messages | map(attribute='__class__.__mro__') | list | first | upper | nosuch }}",
        "{% import 'os' as os %}",
        "{% include '/etc/passwd' %}",
        "{% extends 'x' %}",
        "{{ loop.__class__.__init__ }}",
        "{% for x in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
        "{% set ns = namespace() %}{% set ns.__class__.x = 1 %}",
        "{% set messages.role = 'x' %}",
        "{{ messages.clear() }}",
        "{{ messages[0].update({'role': 'x'}) }}",
        "{{ messages[0].pop('role') }}",
        "{{ joiner().__call__.__self__.x }}",
      })
  void escapesFail(String template) {
    assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__ }}",
        "{{ messages.getClass }}",
        "{{ ''['class'] }}",
        "{{ range.name }}"
      })
  void whatIsNotThereIsUndefined(String template) {
    assertThat(render(template)).isEmpty();
  }

  static List<String> exhausting() {
    String big = "a".repeat(1000);
    return List.of(
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 'a' * 10000000 * 10000000 }}",
        "{{ [0] * 1000000000 }}",
        "{{ range(1000000000000) }}",
        "{{ 9 ** 99999 }}",
        "{{ 2 ** 100000000 }}",
        "{% set ns = namespace(x='a') %}{% for i in range(64) %}{% set ns.x = ns.x ~ ns.x %}{%"
            + " endfor %}",
        "{% set ns = namespace(x=[0]) %}{% for i in range(64) %}{% set ns.x = ns.x + ns.x %}{%"
            + " endfor %}",
        "{% set ns = namespace(x=7) %}{% for i in range(64) %}{% set ns.x = ns.x * ns.x %}{% endfor"
            + " %}",
        "{% set ns = namespace(x=[]) %}{% for i in range(1000) %}{% set ns.x = [ns.x] %}{% endfor"
            + " %}{{ ns.x }}",
        "{% set ns = namespace(x=[]) %}{% for i in range(1000) %}{% set ns.x = [ns.x] %}{% endfor"
            + " %}{{ ns.x | tojson }}",
        "{% set ns = namespace(x=[],y=[]) %}{% for i in range(1000) %}{% set ns.x = [ns.x] %}"
            + "{% set ns.y = [ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "{% set ns = namespace(x=['a']) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{%"
            + " endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=['a']) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{%"
            + " endfor %}{{ ns.x | tojson(indent=80) }}",
        "{% set ns = namespace(x=['a'],y=['a']) %}{% for i in range(60) %}{% set ns.x = [ns.x,"
            + " ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "{% set l = [] %}{% for i in range(3) %}{% set _ = l.append(l) %}{% endfor %}{{ l }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{% if 1 %}{% for i in [1] %}{{ (((f(n + 1)))) }}{% endfor %}{% endif %}{%"
            + " endmacro %}{{ f(0) }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{% call a() %}{% endcall %}{%"
            + " endmacro %}{{ a() }}",
        "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
        "{{ " + "[".repeat(100_000) + " }}",
        "{{ " + "not ".repeat(100_000) + "1 }}",
        "{{ " + "-".repeat(100_000) + "1 }}",
        "{{ 1" + " + 1".repeat(100_000) + " }}",
        "{{ 1" + " | abs".repeat(100_000) + " }}",
        "{{ 1" + " if 1 else 1".repeat(50_000) + " }}",
        "{{ a" + ".b".repeat(100_000) + " }}",
        "{% if 1 %}".repeat(50_000),
        "{% for i in x %}".repeat(50_000),
        "{% set x = " + "{1:".repeat(100_000) + " %}",
        "{{ '" + big + "' | replace('a', '" + big + "') | replace('a', '" + big + "') }}",
        "{{ 'x' | center(2000000000) }}",
        "{{ '%999999d%999999d' % (1, 2) * 100 }}",
        "{{ 'x' | indent(2000000000, true) }}",
        "{{ [1] | batch(2000000000, 1) }}",
        "{{ [1] | slice(2000000000) }}",
        "{% for i in range(100000) %}{{ range(100000) | sort | sum }}{% endfor %}",
        "{% set s = 'a' * 10000000 %}{% for i in range(100000) %}{{ 'b' in s }}{% endfor %}",
        "{% set s = 'a' * 10000000 %}{% for i in range(100000) %}{{ s.count('b') }}{% endfor %}",
        "{% set s = 'a' * 10000000 %}{% for i in range(100000) %}{{ s == s ~ '' }}{% endfor %}",
        "{% set s = 'a ' * 5000000 %}{% for i in range(100000) %}{{ s | wordcount }}{% endfor %}",
        "{% set s = 'a' * 10000000 %}{% for i in range(100000) %}{{ s.upper() is lower }}{% endfor"
            + " %}",
        "{% set s = ' ' * 10000000 %}{% for i in range(100000) %}{{ s.strip() }}{% endfor %}",
        "{% set s = 'a' * 10000000 %}{% for i in range(100000) %}{{ s.isalpha() }}{% endfor %}",
        "{% set s = 'a' * 10000000 %}{% for i in range(100000) %}{% if s[9999999] %}{% endif %}{%"
            + " endfor %}",
        "{{ range(100000) | unique | list }}",
        "x".repeat((1 << 20) + 1));
  }

  @ParameterizedTest
  @MethodSource
  void exhausting(String template) {
    assertTimeoutPreemptively(
        FUSE,
        () -> {
          long before = THREADS.getCurrentThreadCpuTime();
          assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateException.class);
          assertThat(THREADS.getCurrentThreadCpuTime() - before).isLessThan(PATIENCE.toNanos());
        });
  }

  @Test
  void depthLimitsHoldOnSmallStacks() throws InterruptedException {
    String nested =
        "{% if 1 %}".repeat(45) + "{{ " + "(".repeat(45) + "f()" + ")".repeat(45) + " }}";
    String template =
        "{% macro f() %}" + nested + "{% endif %}".repeat(45) + "{% endmacro %}{{ f() }}";
    Throwable[] thrown = new Throwable[1];
    Thread thread = new Thread(null, () -> render(template), "small stack", 512 * 1024);
    thread.setUncaughtExceptionHandler((t, e) -> thrown[0] = e);
    thread.start();
    thread.join();
    assertThat(thrown[0]).isInstanceOf(TemplateException.class).hasMessageContaining("deeper");
  }

  @Test
  void limitsAreConfigurable() {
    Limits limits = new Limits(100, 10, 10, 3, 5, 20, 1000);
    assertThat(render("{% for i in range(3) %}{{ i }}{% endfor %}", limits)).isEqualTo("012");
    assertThatThrownBy(() -> render("{% for i in range(4) %}{{ i }}{% endfor %}", limits))
        .hasMessage("line 1: the template loops more than 3 times, which is the limit");
    assertThatThrownBy(() -> render("{{ range(6) }}", limits)).hasMessageContaining("5 elements");
    assertThatThrownBy(() -> render("{{ 'ab' * 11 }}", limits)).hasMessageContaining("20 char");
    assertThatThrownBy(() -> render("{{ ((((((((((1)))))))))) }}", limits))
        .hasMessageContaining("10 levels");
    assertThatThrownBy(() -> render(" ".repeat(101), limits)).hasMessageContaining("100 char");
  }

  @Test
  void errorsNameTheLine() {
    assertThatThrownBy(() -> render("a\nb\n{{ raise_exception('no ' ~ 'system role') }}"))
        .isInstanceOf(TemplateException.class)
        .hasMessage("line 3: no system role")
        .extracting(e -> ((TemplateException) e).line())
        .isEqualTo(3);
    assertThatThrownBy(() -> render("\n{{ missing.name }}"))
        .hasMessage("line 2: 'missing' is undefined");
    assertThatThrownBy(() -> render("\n\n{% if x %}\n\n"))
        .hasMessage("line 3: 'if' is never closed");
    assertThatThrownBy(() -> render("{# x\n #}{{ 1 +\n }}"))
        .hasMessage("line 3: expected an expression but found '}}'");
  }

  @Test
  void onlyPlainDataIsAccepted() {
    Variables variables = new Variables().untrusted("x", new Object());
    assertThatThrownBy(() -> Template.parse("{{ x }}").render(variables, NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
  }

  private static String render(String template) {
    return render(template, Limits.DEFAULT);
  }

  private static String render(String template, Limits limits) {
    Variables variables =
        new Variables().untrusted("messages", List.of(Map.of("role", "user", "content", "hi")));
    return Template.parse(template, limits).render(variables, NOW).string();
  }
}
