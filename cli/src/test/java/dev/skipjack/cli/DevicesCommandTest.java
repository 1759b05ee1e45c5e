package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesCommandTest {
  @Test
  void describesTheProcessorAndSaysWhatIsMissing() {
    CommandRun run = CommandRun.of("devices", "--no-bandwidth");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .anyMatch(line -> line.startsWith("cpu  "))
        .anyMatch(line -> line.startsWith("kernels  ") && line.endsWith("threads"))
        .anyMatch(line -> line.startsWith("tornado  ") && line.contains("TORNADOVM_HOME"));
  }

  @Test
  void hasAJsonForm() {
    var json = CommandRun.of("devices", "--no-bandwidth", "--json").json();

    assertThat(json.at("/cpu/threads").asInt()).isPositive();
    assertThat(json.at("/cpu").has("stream_gbps")).isFalse();
    assertThat(json.at("/backends/0/name").asString()).isEqualTo("tornado");
    assertThat(json.at("/backends/0/missing").asString()).contains("TornadoVM");
    assertThat(json.at("/backends/0/devices").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"tornado, TORNADOVM_HOME", "tornado:0:1, TORNADOVM_HOME", "abacus, no such back end"})
  void aMissingDeviceIsOneSentence(String device, String message) {
    CommandRun run = CommandRun.of("generate", "-p", "a", "-n", "1", "--device", device);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).singleElement().asString().contains(message);
  }

  @Test
  void theProcessorIsADevice() {
    assertThat(CommandRun.of("generate", "-p", "a", "-n", "1", "--device", "cpu").exitCode())
        .isZero();
  }

  @Test
  void readsWhatLinuxSaysOfAProcessor() {
    Processor processor =
        Processor.parse(
            List.of(
                "processor\t: 0",
                "model name\t: Some Processor",
                "flags\t\t: fpu avx2 sse4_2 unheard_of",
                "model name\t: Another"),
            "amd64");

    assertThat(processor)
        .isEqualTo(new Processor("Some Processor", "amd64", List.of("sse4_2", "avx2")));
    assertThat(Processor.parse(List.of("Features\t: asimd sve"), "aarch64"))
        .isEqualTo(new Processor("aarch64", "aarch64", List.of("asimd", "sve")));
    assertThat(Processor.parse(List.of(), "riscv64"))
        .isEqualTo(new Processor("riscv64", "riscv64", List.of()));
  }

  @ParameterizedTest
  @CsvSource({"12, 12", "6GB, 6000000000", "1.5 MB, 1500000", "2GiB, 2147483648", "7 kb, 7000"})
  void readsSizes(String text, long bytes) {
    assertThat(Sizes.bytes("--device-memory", text)).isEqualTo(bytes);
  }
}
