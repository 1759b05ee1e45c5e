package dev.skipjack.cli;

import dev.skipjack.inference.calibration.CalibrationMethod;
import dev.skipjack.inference.calibration.CalibrationMethods;
import dev.skipjack.inference.calibration.SourceModel;
import dev.skipjack.inference.calibration.Sparsifier;
import dev.skipjack.inference.calibration.SparsifyOptions;
import dev.skipjack.inference.calibration.SparsifyOptions.Down;
import dev.skipjack.inference.calibration.SparsifySummary;
import dev.skipjack.models.spec.ActivationSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skipjack sparsify}: a copy of a model that knows how to skip. */
@Command(
    name = "sparsify",
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Calibrate a model for sparse computation.",
    description = {
      "",
      "Writes a GGUF file with everything the model has, what the method finds on a text, and"
          + " neuron-major down projections. Every fifth window of the text is held out to judge"
          + " the result. Methods and what they aim at:",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack sparsify --method transpose -m model.gguf -o sparse.gguf",
      "  skipjack sparsify --method cats --target 0.5 -f text.txt -m model.gguf -o sparse.gguf"
    })
final class SparsifyCommand implements Callable<Integer> {
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
      summary.ifPresent(done -> report(done, options, (System.nanoTime() - start) * 1e-9));
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

  private void report(SparsifySummary summary, SparsifyOptions options, double seconds) {
    Results results = new Results(streams.out());
    if (output.json()) {
      results.json(json -> write(json, summary, options, seconds));
      return;
    }
    List<String> columns = summary.table().columns();
    if (!columns.isEmpty()) {
      results.println(
          "layer" + columns.stream().map("  %s"::formatted).collect(Collectors.joining()));
    }
    List<List<Double>> rows = summary.table().rows();
    for (int layer = 0; layer < rows.size(); layer++) {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%5d", layer));
      for (int i = 0; i < columns.size(); i++) {
        String format = "  %" + Math.max(6, columns.get(i).length()) + "s";
        line.append(String.format(Locale.ROOT, format, number(rows.get(layer).get(i))));
      }
      results.println(line.toString());
    }
    String types =
        summary.types().entrySet().stream()
            .map(entry -> entry.getValue() + " x " + entry.getKey())
            .collect(Collectors.joining(", "));
    results.printf(
        "%s: %s in %.1f s",
        Text.oneLine("" + destination),
        summary.added().isEmpty()
            ? "no tensors added"
            : "added %s (%s)".formatted(types, Text.bytes(summary.addedBytes())),
        seconds);
    results.flush();
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? "%d".formatted((long) value)
        : String.format(Locale.ROOT, "%.4f", value);
  }

  private void write(Json json, SparsifySummary summary, SparsifyOptions options, double seconds) {
    List<String> columns = summary.table().columns();
    json.field("output", "" + destination)
        .field("method", method)
        .field("target", summary.target())
        .field("text", options.textName())
        .field("seed", seed)
        .objects(
            "layers",
            summary.table().rows(),
            (object, row) ->
                IntStream.range(0, columns.size())
                    .forEach(i -> object.field(columns.get(i), row.get(i))))
        .object("added", types -> summary.types().forEach((name, n) -> types.field(name, n)))
        .field("bytes_added", summary.addedBytes())
        .field("seconds", seconds);
  }
}
