package dev.skipjack.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  @TempDir private Path directory;
  private Path model;

  @BeforeEach
  void createModel() throws IOException {
    model = Files.writeString(directory.resolve("model.gguf"), "weights");
  }

  @Test
  void runsInBalancedOrderAndKeepsEverySample() throws Exception {
    Path log = directory.resolve("samples.jsonl");
    List<String> progress = new ArrayList<>();
    Comparison comparison =
        new Comparison(workload(), printing("fast", "20.0, 20.2"), printing("slow", "10.0, 10.1"));
    comparison.run(1, Optional.of(log), progress::add);

    assertThat(progress)
        .containsExactly(
            "run 1 of 4: fast", "run 2 of 4: slow", "run 3 of 4: slow", "run 4 of 4: fast");
    assertThat(Files.readAllLines(log)).hasSize(8);
    assertThat(Files.readAllLines(log).getFirst())
        .contains("\"runtime\":\"fast\"", "\"test\":\"tg8\"", "\"tokens_per_second\":20.0");
    assertThat(comparison.table())
        .contains("| tg8 | 20.10 ± 1 % | 10.05 ± 1 % | 2.00 |", "| result |");
  }

  @Test
  void noiseIsNotAResult() throws Exception {
    Comparison comparison =
        new Comparison(workload(), printing("fast", "20, 30"), printing("slow", "10, 10"));
    comparison.run(1, Optional.empty(), note -> {});
    assertThat(comparison.table()).contains("not a result").doesNotContain("| result |");
  }

  @Test
  void theProcessGetsTheFlagsOfLlamaBench() throws Exception {
    Path seen = directory.resolve("flags");
    Contestant contestant = script("a", "echo \"$@\" > " + seen + "; echo '" + json("1") + "'");
    contestant.run(workload());
    assertThat(Files.readString(seen).strip())
        .isEqualTo("-m " + model + " -p 0 -n 8 -r 2 -t 1 -o json");
  }

  @Test
  void aFailingProcessEndsTheComparison() {
    assertThatIOException()
        .isThrownBy(() -> script("broken", "exit 3").run(workload()))
        .withMessage("broken: exit code 3, expected 0");
    assertThatIOException()
        .isThrownBy(() -> script("chatty", "echo Hello").run(workload()))
        .withMessageContaining("chatty: found output that is not JSON");
    assertThatIOException()
        .isThrownBy(() -> script("empty", "echo '{}'").run(workload()))
        .withMessageContaining("no results");
    assertThatIOException()
        .isThrownBy(() -> script("other", "echo '[{\"n_prompt\": 1}]'").run(workload()))
        .withMessageContaining("samples_ts");
  }

  @Test
  void readsTheArrayOfLlamaBench() throws IOException {
    assertThat(
            TestSamples.parse(
                "llama-bench", "[{\"n_prompt\": 512, \"n_gen\": 0, \"samples_ts\": [1.5, 2]}]"))
        .containsExactly(new TestSamples("pp512", List.of(1.5, 2.0)));
  }

  @Test
  void contestantsAreWrittenAsLabelAndCommand() {
    assertThat(Contestant.parse("x=a  b=c")).isEqualTo(new Contestant("x", List.of("a", "b=c")));
    assertThatIllegalArgumentException().isThrownBy(() -> Contestant.parse("a b"));
    assertThatIllegalArgumentException().isThrownBy(() -> Contestant.parse("a= "));
  }

  private Workload workload() {
    return new Workload(model, 0, 8, 2, 1);
  }

  private static Contestant printing(String label, String samples) {
    return script(label, "echo '" + json(samples) + "'");
  }

  private static Contestant script(String label, String script) {
    return new Contestant(label, List.of("sh", "-c", script, "script"));
  }

  private static String json(String samples) {
    return "{\"results\": [{\"n_prompt\": 0, \"n_gen\": 8, \"samples_ts\": [" + samples + "]}]}";
  }
}
