package dev.skipjack.cli;

import dev.skipjack.cli.page.SparsityPage;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.measure.GenerationTrial;
import dev.skipjack.inference.measure.sparsity.ModeComparison;
import dev.skipjack.inference.measure.sparsity.SparsityMeasurement;
import dev.skipjack.inference.measure.sparsity.SparsityOptions;
import dev.skipjack.inference.measure.sparsity.SparsityProfile;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.architecture.DescribeOptions;
import dev.skipjack.models.spec.SparseKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skipjack sparsity}: how sparse a model is on a text. */
@Command(
    name = "sparsity",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "Measure how sparse a model's feed-forward networks are on a text.",
    description = {
      "",
      "Runs the model densely and reports for every layer how many activations are exactly zero,"
          + " how large the others are, how few neurons carry the output up to a relative error"
          + " (CETT, ReLU^2 Wins) and up to a loss of perplexity (PPL-p%%, Sparsing Law), how many"
          + " never fire in a stretch of tokens, and which share of the work the hottest do. Where"
          + " the file has a predictor, or --sparsity names predictor, sign or reuse, the neurons"
          + " that it selects are compared with those that fire. --modes compares whole modes by"
          + " quality, bytes and speed.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack sparsity -f text.txt",
      "  skipjack sparsity -m model.gguf -f text.txt --sparsity sign:1.0 --json",
      "  skipjack sparsity -f text.txt --modes dense,exact,sign:1.0,topk:64 --html report.html"
    })
final class SparsityCommand implements Callable<Integer> {
  private static final int USUAL_WINDOW = 512;
  private static final String PREDICTOR = "predictor";
  private static final Set<String> CALIBRATED_SELECTIONS = Set.of(PREDICTOR, "sign");

  private final Streams streams;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      required = true,
      description = "The text, UTF-8.")
  private Path file;

  @Option(
      names = "--cett",
      paramLabel = "C",
      description =
          "Relative error that left-out neurons may cause in a layer's output, above 0 and below 1"
              + " (default: ${DEFAULT-VALUE}).")
  private double cett = SparsityOptions.USUAL_CETT;

  @Option(
      names = "--ppl-loss",
      paramLabel = "P",
      description =
          "By how many per cent the perplexity may rise; 0 leaves this out, which takes most of the"
              + " time (default: ${DEFAULT-VALUE}).")
  private double loss = 1;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Use at most N tokens of the text; 0 takes all (default: 0).")
  private int tokens;

  @Option(
      names = "--modes",
      paramLabel = "MODE[,MODE]",
      description = "Compare these modes with dense: quality, bytes read and tokens per second.")
  private Optional<String> modes = Optional.empty();

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      description =
          "Samples of each mode's speed, in each of two orders (default: ${DEFAULT-VALUE}).")
  private int repetitions = 3;

  @Option(
      names = "--html",
      paramLabel = "OUT",
      description = "Also write a page with plots; it appears only when it is complete.")
  private Optional<Path> html = Optional.empty();

  @ArgGroup(validate = false, heading = "%nComputation (-c is the window):%n")
  private LoadGroup loading = new LoadGroup();

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  SparsityCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<SparsityMode> compared = modes.map(SparsityCommand::modes).orElse(List.of());
    if (repetitions < 1) {
      throw new UsageFailure("-r: found %d, expected 1 or more".formatted(repetitions));
    }
    if (html.isPresent()) {
      OutputFile.check(html.get());
    }
    LoadOptions load = loading.options();
    String text = TextInput.file(file);
    try (Interruption interruption = Interruption.listen()) {
      Optional<SparsityFindings> findings = findings(text, load, compared, interruption);
      if (findings.isPresent()) {
        model.source().announce(streams);
        report(findings.get());
      }
      return findings.isPresent() ? ExitCode.OK : Interruption.EXIT_CODE;
    }
  }

  /** Reads a list of modes, whose numbers may be separated by commas as well. */
  static List<SparsityMode> modes(String list) {
    try {
      List<SparsityMode> modes = new ArrayList<>();
      for (String mode : list.split(",(?=\\s*[a-z])(?!\\s*inf\\b)", -1)) {
        modes.add(SparsityMode.parse(mode.strip()));
      }
      return List.copyOf(modes);
    } catch (IllegalArgumentException e) {
      throw new UsageFailure("--modes: " + e.getMessage());
    }
  }

  private void report(SparsityFindings findings) throws IOException {
    if (html.isPresent()) {
      OutputFile.write(
          html.get(),
          SparsityPage.of(findings.profile(), findings.textName(), findings.modes()).html());
    }
    Results results = new Results(streams.out());
    if (output.json()) {
      results.json(json -> SparsityJson.write(json, findings));
    } else {
      new SparsityReport(findings).print(results);
      html.ifPresent(path -> results.println("\npage       " + Text.oneLine("" + path)));
    }
    results.flush();
  }

  /** Empty after an interruption. */
  private Optional<SparsityFindings> findings(
      String text, LoadOptions load, List<SparsityMode> compared, Interruption interruption) {
    try {
      return Optional.of(measure(text, load, compared));
    } catch (RuntimeException e) {
      if (!interruption.requested()) {
        throw e;
      }
      interruption.acknowledge();
      streams.note("interrupted, nothing was written");
      return Optional.empty();
    }
  }

  private SparsityFindings measure(String text, LoadOptions load, List<SparsityMode> compared) {
    try (CalibrationProgress progress = CalibrationProgress.of(streams, output.verbose());
        ModelFile opened = model.source().open()) {
      SparsityOptions options = options(opened, load);
      SparsityProfile profile = SparsityMeasurement.measure(opened, text, options, progress);
      LoadOptions windows = load.withContextLength(options.context());
      ModeComparison comparison =
          new ModeComparison(
              mode -> model.source().load(windows.withSparsity(mode)),
              text,
              options.windows(),
              repetitions,
              progress);
      List<ModeComparison.Result> results = comparison.run(compared);
      try (LanguageModel loaded = model.source().load(windows)) {
        GenerationTrial trial = ModeComparison.trial(loaded, text, options.windows(), 1);
        return new SparsityFindings(
            profile, "" + file.getFileName(), "" + loaded.sparsity(), trial, results);
      }
    }
  }

  private SparsityOptions options(ModelFile opened, LoadOptions load) {
    int window =
        load.contextLength() == 0
            ? Math.min(USUAL_WINDOW, longest(opened, load))
            : load.contextLength();
    try {
      return new SparsityOptions(
          window, tokens, cett, loss, selection(opened, load), load.threads(), load.activation());
    } catch (IllegalArgumentException e) {
      throw new UsageFailure(e);
    }
  }

  private static int longest(ModelFile opened, LoadOptions load) {
    DescribeOptions asked = new DescribeOptions(load.activation(), 0);
    return Architectures.describe(opened, asked).config().contextLength();
  }

  /** The mode asked for, or the one the file was made for, if neurons are selected in it. */
  private static Optional<SparsityMode> selection(ModelFile opened, LoadOptions load) {
    SparsityMode asked = load.sparsity();
    if (!asked.equals(SparsityMode.AUTO)) {
      return Optional.of(asked).filter(SparsityOptions::selectsBeforeGate);
    }
    return opened
        .metadata()
        .string(SparseKeys.KIND)
        .filter(CALIBRATED_SELECTIONS::contains)
        .or(() -> opened.tensor("blk.0.fc1.weight").map(tensor -> PREDICTOR))
        .map(SparsityMode::parse);
  }
}
