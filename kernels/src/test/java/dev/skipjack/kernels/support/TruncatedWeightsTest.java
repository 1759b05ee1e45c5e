package dev.skipjack.kernels.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model file that is cut while it is mapped costs an exception, not the JVM. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows refuses to truncate a mapped file")
class TruncatedWeightsTest {
  private static final String CHANGED =
      "weights: the model file changed on disk while it was open; load it again";

  @TempDir Path directory;

  /** Compilation in the foreground, so that the warm-up leaves nothing interpreted. */
  private static final List<String> COMPILED =
      List.of("-Xbatch", "-XX:CompileThresholdScaling=0.1");

  private static final List<String> ALL_TYPES =
      Arrays.stream(TensorType.values()).map(TensorType::name).toList();

  /** Those with vector loads of their own, and one that goes through its codec. */
  private static final List<String> VECTOR_TYPES =
      List.of("F32", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K", "F16");

  @Test
  void compiledKernelsOfEveryTypeSurvive() throws Exception {
    everyReadIsRefused(COMPILED, "100", ALL_TYPES);
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 128})
  void compiledKernelsOfEveryWidthSurvive(int bits) throws Exception {
    List<String> options = new ArrayList<>(COMPILED);
    options.add("-Dskipjack.vector.bits=" + bits);
    everyReadIsRefused(options, "100", VECTOR_TYPES);
  }

  /** Some methods interpreted, some compiled by C1, some by C2. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "60"})
  void kernelsSurviveWhileTheyWarmUp(String calls) throws Exception {
    everyReadIsRefused(List.of(), calls, VECTOR_TYPES);
  }

  private void everyReadIsRefused(List<String> options, String calls, List<String> types)
      throws Exception {
    assertThat(run(options, calls, types))
        .hasSize(types.size() * TruncatedWeights.CASES_PER_TYPE)
        .allSatisfy(line -> assertThat(line).endsWith(": " + CHANGED));
  }

  /** The output of {@link TruncatedWeights} in a JVM of its own, which has to end well. */
  private List<String> run(List<String> options, String calls, List<String> types)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-Xmx128m", "--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(TruncatedWeights.class.getName(), calls));
    command.addAll(types);
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as(() -> lastLine(output)).isZero();
    return Files.readAllLines(output);
  }

  /** What the program was doing when it died. */
  private static String lastLine(Path output) {
    try {
      return Files.readAllLines(output).stream()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .reduce("", (first, second) -> second);
    } catch (IOException e) {
      return "without readable output: " + e;
    }
  }
}
