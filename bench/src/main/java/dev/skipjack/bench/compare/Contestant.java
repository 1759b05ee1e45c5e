package dev.skipjack.bench.compare;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A runtime behind a command that takes llama-bench's flags and prints JSON: Skipjack's bench, the
 * peer script, llama-bench itself.
 *
 * @param label for tables
 * @param command program and leading arguments; the workload's flags follow
 */
public record Contestant(String label, List<String> command) {
  public Contestant {
    command = List.copyOf(command);
  }

  /** Reads {@code LABEL=COMMAND ARGUMENT ...}; arguments are separated by blanks. */
  public static Contestant parse(String text) {
    int split = text.indexOf('=');
    if (split < 1 || text.substring(split + 1).isBlank()) {
      throw new IllegalArgumentException(
          "runtime: found \"%s\", expected LABEL=COMMAND".formatted(text));
    }
    return new Contestant(
        text.substring(0, split), Arrays.asList(text.substring(split + 1).strip().split("\\s+")));
  }

  /**
   * Runs the workload in a fresh process, whose standard error is passed through.
   *
   * @throws IOException if the process cannot be started, fails, or prints something else
   */
  List<TestSamples> run(Workload workload) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    line.addAll(workload.flags());
    Process process =
        new ProcessBuilder(line)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IOException("%s: exit code %d, expected 0".formatted(label, exit));
      }
      return TestSamples.parse(label, output);
    } finally {
      process.destroy();
    }
  }
}
