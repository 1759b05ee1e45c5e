package dev.skipjack.bench.compare;

import java.nio.file.Path;
import java.util.List;

/**
 * What every process is asked to do, in the flags of llama-bench.
 *
 * @param prompt tokens of the prompt test; 0 for none
 * @param generated tokens of the generation test; 0 for none
 * @param repetitions samples per process
 */
public record Workload(Path model, int prompt, int generated, int repetitions, int threads) {
  List<String> flags() {
    return List.of(
        "-m", model.toString(),
        "-p", "" + prompt,
        "-n", "" + generated,
        "-r", "" + repetitions,
        "-t", "" + threads,
        "-o", "json");
  }
}
