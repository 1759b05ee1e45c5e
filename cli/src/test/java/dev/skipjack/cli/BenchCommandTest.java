package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the bundled model. */
class BenchCommandTest {
  @Test
  void jsonHasEverySample() {
    var json = CommandRun.of("bench", "-p", "8", "-n", "4", "-d", "3", "-r", "2", "--json").json();

    assertThat(json.at("/results").valueStream().map(result -> result.at("/test").asString()))
        .containsExactly("pp8 @ d3", "tg4 @ d3");
    assertThat(json.at("/results").valueStream())
        .allMatch(result -> result.at("/samples_ts").size() == 2)
        .allMatch(result -> result.at("/read_gbps").asDouble() > 0)
        .allMatch(result -> result.at("/density").asDouble() > 0);
    var prompt = json.at("/results/0");
    assertThat(prompt.has("stream_fraction")).as("bound by arithmetic").isFalse();
    var generation = json.at("/results/1");
    assertThat(generation.at("/stream_fraction").asDouble()).isPositive();
    assertThat(generation.at("/stream_fraction_rounds").size()).isEqualTo(2);
    assertThat(generation.at("/stream_rounds_gbps").size()).isEqualTo(3);
    assertThat(generation.at("/stream_rounds_gbps").valueStream())
        .allMatch(rate -> rate.asDouble() <= json.at("/stream_gbps").asDouble());
    assertThat(json.at("/cache_bytes").asLong()).isPositive();
    assertThat(json.at("/jdk").asString()).isEqualTo(Runtime.version().toString());
  }

  @Test
  void theTableIsLlamaBenchs() {
    CommandRun run = CommandRun.of("bench", "-p", "4", "-n", "2", "-r", "1", "-t", "1");

    assertThat(run.exitCode()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(cells(lines.get(0)))
        .containsSubsequence("model", "size", "params", "threads", "test", "t/s", "of stream");
    assertThat(cells(lines.get(2))).contains("pp4", "1").element(8).isEqualTo("");
    assertThat(cells(lines.get(3)))
        .contains("tg2", "1")
        .element(8)
        .asString()
        .matches("\\d+\\.\\d\\d");
    assertThat(lines)
        .anyMatch(line -> line.matches("stream: .* GB/s, median .*, JDK .*"))
        .anyMatch(line -> line.startsWith("memory: peak resident "))
        .anyMatch(line -> line.equals("waiting for other threads: pp4 0.0 %, tg2 0.0 %"));
  }

  @Test
  void csvHasARowForEachTest() {
    CommandRun run = CommandRun.of("bench", "-p", "4", "-n", "0", "-r", "1", "-o", "csv");

    assertThat(run.exitCode()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(2).first().asString().startsWith("model,bytes,parameters,");
    assertThat(lines.get(1)).contains(",pp4,4,0,0,");
  }

  @ParameterizedTest
  @CsvSource({
    "-r, 0, '-r: found 0, expected 1 or more'",
    "-c, 16, '-c: found 16, expected at least 512, the longest test'"
  })
  void whatCannotBeMeasuredIsRefused(String option, String value, String message) {
    CommandRun run = CommandRun.of("bench", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(message);
  }

  @Test
  void somethingIsToBeMeasured() {
    CommandRun run = CommandRun.of("bench", "-p", "0", "-n", "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("-p and -n: found only 0");
  }

  /** Of a row of a Markdown table. */
  private static List<String> cells(String row) {
    return List.of(row.strip().replaceAll("^\\||\\|$", "").split("\\|")).stream()
        .map(String::strip)
        .toList();
  }
}
