package dev.skipjack.bench;

import dev.skipjack.bench.compare.Comparison;
import dev.skipjack.bench.compare.Contestant;
import dev.skipjack.bench.compare.Workload;
import dev.skipjack.kernels.team.ThreadTeam;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench compare}: two runtimes on the same file. */
@Command(
    name = "compare",
    sortOptions = false,
    header = "Run one model through two runtimes in balanced order.",
    description = {
      "",
      "Every round runs A B B A, each in a fresh process, with llama-bench's flags -m -p -n -r -t"
          + " -o json appended to its command; the process prints JSON as skipjack bench or"
          + " llama-bench do. A ratio whose samples spread by more than 10 %% is not called a"
          + " result. Exit code 0 means that everything ran, not that it agreed.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {"  bench compare -m 1b-q4_0.gguf -t 2 -r 3 --log samples.jsonl"})
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      required = true,
      description = "The GGUF file that both run.")
  private Path model;

  @Option(
      names = "-a",
      paramLabel = "LABEL=COMMAND",
      description = "The first runtime (default: ${DEFAULT-VALUE}).")
  private String first = "skipjack=./skipjack bench";

  @Option(
      names = "-b",
      paramLabel = "LABEL=COMMAND",
      description = "The second runtime (default: ${DEFAULT-VALUE}).")
  private String second = "llama.cpp=node bench/src/peer/llama.mjs";

  @Option(
      names = {"-p", "--n-prompt"},
      paramLabel = "N",
      description = "Prompt length; 0 for no prompt test (default: ${DEFAULT-VALUE}).")
  private int prompt = 512;

  @Option(
      names = {"-n", "--n-gen"},
      paramLabel = "N",
      description = "Tokens to generate; 0 for none (default: ${DEFAULT-VALUE}).")
  private int generated = 128;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      description = "Samples per process (default: ${DEFAULT-VALUE}).")
  private int repetitions = 5;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds of A B B A (default: ${DEFAULT-VALUE}).")
  private int rounds = 1;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads of either runtime (default: all).")
  private int threads = ThreadTeam.defaultThreads();

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "Append every sample as a line of JSON.")
  private Optional<Path> log = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Workload workload = new Workload(model, prompt, generated, repetitions, threads);
    Comparison comparison = new Comparison(workload, contestant(first), contestant(second));
    PrintWriter notes = spec.commandLine().getErr();
    comparison.run(
        rounds,
        log,
        note -> {
          notes.println("bench: " + note);
          notes.flush();
        });
    PrintWriter out = spec.commandLine().getOut();
    out.print(comparison.table());
    out.flush();
    return ExitCode.OK;
  }

  private Contestant contestant(String text) {
    try {
      return Contestant.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
