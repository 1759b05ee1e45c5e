package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.measure.MemoryStream;
import dev.skipjack.inference.measure.PeakMemory;
import dev.skipjack.inference.measure.StreamShare;
import dev.skipjack.inference.measure.StreamingBandwidth;
import dev.skipjack.inference.measure.ThroughputResult;
import dev.skipjack.inference.measure.ThroughputTest;
import dev.skipjack.inference.measure.ThroughputTest.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skipjack bench}: tokens per second, and how much of the machine they use. */
@Command(
    name = "bench",
    sortOptions = false,
    header = "Measure how fast a model reads prompts and generates.",
    description = {
      "",
      "Tests are those of llama-bench: pp512 reads a prompt of 512 tokens, tg128 generates 128,"
          + " without tokenisation and sampling. Beside tokens per second stand the bytes of"
          + " weights and cache that were read for them. Then the first 32 tokens of each tg test"
          + " and reading memory in order take turns: how much of this machine's streaming"
          + " bandwidth generation has. A row whose samples spread by more than 10 %% is marked: it"
          + " is not a result.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack bench -m model.gguf",
      "  skipjack bench -m model.gguf -p 0 -n 64 -d 0,4096 -r 3 --json"
    })
final class BenchCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = {"-p", "--n-prompt"},
      paramLabel = "N[,N]",
      converter = Counts.Converter.class,
      description = "Prompt lengths; 0 for no prompt test (default: 512).")
  private Counts prompts = new Counts(512);

  @Option(
      names = {"-n", "--n-gen"},
      paramLabel = "N[,N]",
      converter = Counts.Converter.class,
      description = "Tokens to generate; 0 for no generation test (default: 128).")
  private Counts generations = new Counts(128);

  @Option(
      names = {"-d", "--n-depth"},
      paramLabel = "N[,N]",
      converter = Counts.Converter.class,
      description = "Tokens in the context before a test starts (default: 0).")
  private Counts depths = new Counts(0);

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      description = "Samples per test, after a warm-up (default: ${DEFAULT-VALUE}).")
  private int repetitions = 5;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: md); --json is -o json.")
  private Optional<Format> format = Optional.empty();

  @ArgGroup(validate = false, heading = "%nComputation:%n")
  private LoadGroup loading = new LoadGroup();

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  /** How results are printed. */
  private enum Format {
    md,
    json,
    csv
  }

  BenchCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<ThroughputTest> tests = tests();
    ModelSource source = model.source();
    try (LanguageModel loaded = source.load(options(tests))) {
      source.announce(streams);
      output.detail(streams, loaded.compute());
      output.detail(streams, loaded.describeSparsity());
      List<ThroughputResult> results = new ArrayList<>();
      for (ThroughputTest test : tests) {
        output.detail(streams, "running " + test.name());
        results.add(test.run(loaded, repetitions));
      }
      BenchReport.Memory memory =
          new BenchReport.Memory(
              PeakMemory.residentBytes(),
              loaded.cacheBytesPerToken() * options(tests).contextLength());
      // Last: what it reads is not the model's memory.
      try (MemoryStream stream = new MemoryStream(loaded.threads())) {
        List<BenchReport.Row> rows =
            results.stream().map(result -> row(loaded, result, stream)).toList();
        print(BenchReport.of(loaded, Version.revision(), stream.bandwidth(), memory, rows));
      }
      return ExitCode.OK;
    }
  }

  /** A result beside what could have been read, which is the bound of generation only. */
  private BenchReport.Row row(LanguageModel loaded, ThroughputResult result, MemoryStream stream) {
    ThroughputTest test = result.test();
    if (test.phase() == Phase.PROMPT) {
      stream.best(StreamingBandwidth.PASSES);
      return new BenchReport.Row(result, Optional.empty());
    }
    output.detail(streams, "running " + test.name() + " beside the stream");
    return new BenchReport.Row(
        result, Optional.of(StreamShare.measure(loaded, test, stream, repetitions)));
  }

  private List<ThroughputTest> tests() {
    if (repetitions < 1) {
      throw new UsageFailure("-r: found %d, expected 1 or more".formatted(repetitions));
    }
    List<ThroughputTest> tests =
        depths.stream()
            .boxed()
            .flatMap(
                depth ->
                    Stream.concat(
                        tests(Phase.PROMPT, prompts, depth),
                        tests(Phase.GENERATION, generations, depth)))
            .toList();
    if (tests.isEmpty()) {
      throw new UsageFailure("-p and -n: found only 0, expected a test to run");
    }
    return tests;
  }

  private static Stream<ThroughputTest> tests(Phase phase, Counts counts, int depth) {
    return counts.stream()
        .filter(tokens -> tokens > 0)
        .mapToObj(tokens -> new ThroughputTest(phase, tokens, depth));
  }

  /** The user's, with a context that is just long enough unless one was asked for. */
  private LoadOptions options(List<ThroughputTest> tests) {
    LoadOptions options = loading.options();
    int needed = tests.stream().mapToInt(ThroughputTest::contextLength).max().orElseThrow();
    if (options.contextLength() == 0) {
      return options.withContextLength(needed);
    }
    if (options.contextLength() < needed) {
      throw new UsageFailure(
          "-c: found %d, expected at least %d, the longest test"
              .formatted(options.contextLength(), needed));
    }
    return options;
  }

  private void print(BenchReport report) {
    Results results = new Results(streams.out());
    switch (format.orElse(output.json() ? Format.json : Format.md)) {
      case md -> report.markdown(results);
      case json -> results.json(report::json);
      case csv -> report.csv(results);
    }
    results.flush();
  }
}
