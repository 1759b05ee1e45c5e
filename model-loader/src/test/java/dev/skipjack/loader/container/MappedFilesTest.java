package dev.skipjack.loader.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MappedFilesTest {
  private static final String CHANGED =
      "model.gguf: the model file changed on disk while it was open; load it again";

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows refuses to truncate a mapped file")
  void interpretedCodeSurvivesATruncation(TruncatedMapping.Access access) throws Exception {
    assertThat(run(List.of("-Xint"), access, "cold")).isEqualTo(Collections.nCopies(3, CHANGED));
  }

  @ParameterizedTest
  @EnumSource
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows refuses to truncate a mapped file")
  void compiledCodeSurvivesATruncation(TruncatedMapping.Access access) throws Exception {
    List<String> compileBeforeGoingOn = List.of("-Xbatch", "-XX:-TieredCompilation");
    assertThat(run(compileBeforeGoingOn, access, "hot")).isEqualTo(Collections.nCopies(3, CHANGED));
  }

  @Test
  void otherInternalErrorsPass() {
    InternalError other = new InternalError("out of registers");
    InternalError silent = new InternalError();

    assertThatThrownBy(() -> MappedFiles.explain("model.gguf", other)).isSameAs(other);
    assertThatThrownBy(() -> MappedFiles.explain("model.gguf", silent)).isSameAs(silent);
  }

  @Test
  void whatCannotBeMappedIsNamed() throws IOException {
    Path missing = directory.resolve("missing");
    Path empty = Files.createFile(directory.resolve("empty"));

    refuses(missing, missing + ": no such file");
    refuses(empty, empty + ": the file is empty");
    refuses(directory, directory + ": file: found a directory, expected a file");
  }

  private static void refuses(Path path, String message) {
    try (Arena arena = Arena.ofConfined()) {
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> MappedFiles.map(path, arena))
          .withMessage(message);
    }
  }

  /** The output of {@link TruncatedMapping} in a JVM of its own, which has to end well. */
  private List<String> run(List<String> options, TruncatedMapping.Access access, String heat)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(TruncatedMapping.class.getName(), access.name(), heat));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
    return Files.readAllLines(output);
  }
}
