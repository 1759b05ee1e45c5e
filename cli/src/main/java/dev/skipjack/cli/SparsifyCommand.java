package dev.skipjack.cli;

import dev.skipjack.inference.calibration.CalibrationMethod;
import dev.skipjack.inference.calibration.CalibrationMethods;
import dev.skipjack.inference.calibration.CalibrationSetting;
import dev.skipjack.inference.calibration.CalibrationTarget;
import dev.skipjack.inference.calibration.SourceModel;
import dev.skipjack.inference.calibration.Sparsifier;
import dev.skipjack.inference.calibration.SparsifyOptions;
import dev.skipjack.inference.calibration.SparsifyOptions.Down;
import dev.skipjack.inference.calibration.SparsifySummary;
import dev.skipjack.models.spec.ActivationSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code skipjack sparsify}: a copy of a model that knows how to skip. */
@Command(
    name = "sparsify",
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Calibrate a model for sparse computation.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack sparsify --method transpose -m model.gguf -o sparse.gguf",
      "  skipjack sparsify --method cats --target 0.5 -f text.txt -m model.gguf -o sparse.gguf"
    })
final class SparsifyCommand implements Callable<Integer> {
  private static final List<String> DESCRIPTION =
      List.of(
          "",
          "Writes a GGUF file with everything the model has, what the method finds on a text, and"
              + " neuron-major down projections. Every fifth window of the text is held out to"
              + " judge the result. Methods, what they aim at, and their settings:",
          "");

  private final Streams streams;

  @Option(
      names = "--method",
      required = true,
      paramLabel = "NAME",
      completionCandidates = MethodNames.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String method;

  @Option(
      names = "--target",
      paramLabel = "S",
      description = "What to aim at; each method has its usual target.")
  private Optional<Double> target = Optional.empty();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "CALIB",
      description = "The text to calibrate on, UTF-8.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.gguf",
      description = "The file to write; it appears only when it is complete.")
  private Path destination;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of the method; may be given several times.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = {"-c", "--ctx", "--ctx-size"},
      paramLabel = "N",
      description = "Tokens per window; 0 takes 512 or the model's own, if less (default: 0).")
  private int context;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Use at most N tokens of the text; 0 takes all (default: 0).")
  private int tokens;

  @Option(names = "--seed", paramLabel = "N", description = "For equal results (default: 0).")
  private long seed;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute; 0 takes what the machine offers (default: 0).")
  private int threads;

  @Option(
      names = "--down",
      paramLabel = "add|replace|keep",
      description =
          "Add neuron-major down projections, let them replace the originals (a smaller file,"
              + " slower prompts), or keep the originals only (default: add).")
  private Optional<String> down = Optional.empty();

  @Option(
      names = "--source",
      paramLabel = "PATH",
      description = "A more precise checkpoint of the model to transpose down projections from.")
  private Optional<Path> source = Optional.empty();

  @Option(
      names = "--ffn-activation",
      paramLabel = "NAME[:P]",
      description = "Replace the feed-forward activation, also in the output.")
  private Optional<String> activation = Optional.empty();

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  SparsifyCommand(Streams streams) {
    this.streams = streams;
  }

  /** Describes the registered methods in the help. */
  @Spec
  void describe(CommandSpec spec) {
    List<String> lines = new ArrayList<>(DESCRIPTION);
    for (CalibrationMethod each : CalibrationMethods.all()) {
      CalibrationTarget aim = each.target();
      lines.add("  %-10s %s".formatted(each.name(), each.description()));
      if (aim.exists()) {
        lines.add(
            "             target: fraction %s (usual: %s)".formatted(aim.meaning(), aim.usual()));
      }
      for (CalibrationSetting setting : each.settings()) {
        lines.add(
            "             %s: %s (usual: %s)"
                .formatted(setting.name(), setting.description(), setting.usual()));
      }
    }
    lines.add("");
    spec.usageMessage().description(lines.toArray(String[]::new));
  }

  /** For the help. */
  private static final class MethodNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return CalibrationMethods.all().stream().map(CalibrationMethod::name).iterator();
    }
  }

  @Override
  public Integer call() throws IOException {
    SparsifyOptions options = options();
    long start = System.nanoTime();
    try (Interruption interruption = Interruption.listen()) {
      Optional<SparsifySummary> summary = sparsify(options, interruption);
      if (summary.isPresent()) {
        model.source().announce(streams);
        double seconds = (System.nanoTime() - start) * 1e-9;
        new SparsifyReport(destination, options, summary.get(), seconds)
            .print(new Results(streams.out()), output.json());
      }
      return summary.isPresent() ? ExitCode.OK : Interruption.EXIT_CODE;
    }
  }

  /** Empty after an interruption. */
  private Optional<SparsifySummary> sparsify(SparsifyOptions options, Interruption interruption)
      throws IOException {
    try (SourceModel opened = open();
        CalibrationProgress progress = CalibrationProgress.of(streams, output.verbose())) {
      return Optional.of(Sparsifier.sparsify(opened.file(), destination, options, progress));
    } catch (IOException | RuntimeException e) {
      if (!interruption.requested()) {
        throw e;
      }
      interruption.acknowledge();
      streams.note("interrupted, the output was not written");
      return Optional.empty();
    }
  }

  private SourceModel open() throws IOException {
    Optional<Path> path = model.source().path();
    return path.isPresent()
        ? SourceModel.open(path.get(), destination, workers())
        : SourceModel.bundled();
  }

  private int workers() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  private SparsifyOptions options() throws IOException {
    try {
      CalibrationMethod chosen = CalibrationMethods.require(method);
      if (chosen.needsText() && file.isEmpty()) {
        throw new UsageFailure("%s: no text given, expected one with -f".formatted(method));
      }
      return new SparsifyOptions(
          chosen,
          target.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
          file.isPresent() ? TextInput.file(file.get()) : "",
          file.map(path -> "" + path.getFileName()).orElse(""),
          context,
          tokens,
          seed,
          threads,
          settings,
          downChoice(),
          source,
          activation.map(ActivationSpec::parse));
    } catch (IllegalArgumentException e) {
      throw new UsageFailure(e);
    }
  }

  private Down downChoice() {
    String name = down.orElse("add");
    for (Down choice : Down.values()) {
      if (choice.name().equalsIgnoreCase(name)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "down: found %s, expected add, replace or keep".formatted(name));
  }
}
