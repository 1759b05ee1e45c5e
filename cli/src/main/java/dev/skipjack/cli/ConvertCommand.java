package dev.skipjack.cli;

import dev.skipjack.models.convert.ConversionOptions;
import dev.skipjack.models.convert.ConversionSummary;
import dev.skipjack.models.convert.Converter;
import dev.skipjack.models.convert.TargetType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skipjack convert}: any checkpoint to one GGUF file. */
@Command(
    name = "convert",
    sortOptions = false,
    header = "Convert or quantise a model to GGUF.",
    description = {
      "",
      "Reads a GGUF file, or a directory with config.json, safetensors and a tokenizer. Vectors,"
          + " norms and routers stay f32. Quantised types keep the matrix that makes the logits at"
          + " q6_k or q8_0; q4_k also stores half of the value and down projections as q6_k."
          + " Columns that do not fill a type's blocks fall back to q8_0, then f16.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack convert model-f16.gguf -o model-q4_k.gguf --type q4_k",
      "  skipjack convert path/to/directory -o model.gguf --type bf16 --json"
    })
final class ConvertCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "IN", description = "A GGUF file or a directory with safetensors.")
  private Path input;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.gguf",
      description = "The file to write; it appears only when it is complete.")
  private Path target;

  @Option(
      names = "--type",
      required = true,
      paramLabel = "TYPE",
      completionCandidates = TypeNames.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String type;

  @Option(names = "--pure", description = "Give every matrix this type, without the usual mix.")
  private boolean pure;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that encode; 0 takes what the machine offers (default: 0).")
  private int threads;

  @Mixin private OutputOptions output;

  ConvertCommand(Streams streams) {
    this.streams = streams;
  }

  /** For the help. */
  private static final class TypeNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(TargetType.values()).map(TargetType::spelling).iterator();
    }
  }

  @Override
  public Integer call() throws IOException {
    ConversionOptions options = options();
    long start = System.nanoTime();
    try (Interruption interruption = Interruption.listen()) {
      Optional<ConversionSummary> summary = convert(options, interruption);
      summary.ifPresent(done -> report(done, options, (System.nanoTime() - start) * 1e-9));
      return summary.isPresent() ? ExitCode.OK : Interruption.EXIT_CODE;
    }
  }

  /** Empty after an interruption. */
  private Optional<ConversionSummary> convert(ConversionOptions options, Interruption interruption)
      throws IOException {
    try (ConversionProgress progress = ConversionProgress.of(streams, output.verbose())) {
      return Optional.of(Converter.convert(input, target, options, progress));
    } catch (IOException | RuntimeException e) {
      if (!interruption.requested()) {
        throw e;
      }
      interruption.acknowledge();
      streams.note("interrupted, nothing was written");
      return Optional.empty();
    }
  }

  private ConversionOptions options() {
    try {
      int workers = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
      return new ConversionOptions(TargetType.parse(type), pure, workers);
    } catch (IllegalArgumentException e) {
      throw new UsageFailure(e);
    }
  }

  private void report(ConversionSummary summary, ConversionOptions options, double seconds) {
    Results results = new Results(streams.out());
    if (output.json()) {
      results.json(json -> write(json, summary, options, seconds));
      return;
    }
    String types =
        summary.types().entrySet().stream()
            .map(entry -> entry.getValue() + " x " + entry.getKey())
            .collect(Collectors.joining(", "));
    results.printf(
        "%s: %d tensors%s, %s -> %s in %.1f s",
        Text.oneLine("" + target),
        summary.tensors(),
        types.isEmpty() ? "" : " (" + types + ")",
        Text.bytes(summary.inputBytes()),
        Text.bytes(summary.outputBytes()),
        seconds);
    results.flush();
  }

  private void write(
      Json json, ConversionSummary summary, ConversionOptions options, double seconds) {
    json.field("input", "" + input)
        .field("output", "" + target)
        .field("type", options.type().spelling())
        .field("pure", options.pure())
        .field("tensors", summary.tensors())
        .object("types", counts -> summary.types().forEach((name, n) -> counts.field(name, n)))
        .objects(
            "fallbacks",
            summary.fallbacks(),
            (object, fallback) ->
                object
                    .field("tensor", fallback.tensor())
                    .field("type", fallback.type())
                    .field("reason", fallback.reason()))
        .strings("warnings", summary.warnings())
        .field("bytes_before", summary.inputBytes())
        .field("bytes_after", summary.outputBytes())
        .field("seconds", seconds);
  }
}
