package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.measure.Divergence;
import dev.skipjack.inference.measure.Perplexity;
import dev.skipjack.inference.measure.PerplexityOptions;
import dev.skipjack.inference.measure.sparsity.ModeComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skipjack perplexity}: how well a model predicts a text. */
@Command(
    name = "perplexity",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "Measure how well a model predicts a text.",
    description = {
      "",
      "The perplexity is the exponential of the mean negative log likelihood of a token. By default"
          + " it is llama.cpp's: windows of 512 tokens side by side, the second half of each"
          + " counting. With --stride every token counts once. With --kl-divergence the model is"
          + " also run densely, and the two are compared token by token.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack perplexity -f text.txt",
      "  skipjack perplexity -m model.gguf -f text.txt -c 256 --stride 128 --json",
      "  skipjack perplexity -f text.txt --sparsity sign:1.0 --kl-divergence"
    })
final class PerplexityCommand implements Callable<Integer> {
  private static final int USUAL_WINDOW = 512;

  private final Streams streams;
  private String text = "";

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      required = true,
      description = "The text, UTF-8.")
  private Path file;

  @Option(
      names = "--stride",
      paramLabel = "S",
      description =
          "Advance windows by S tokens and count every token once; 0 counts the second half of"
              + " windows side by side (default: ${DEFAULT-VALUE}).")
  private int stride;

  @Option(
      names = {"--kl-divergence", "--against-dense"},
      description =
          "Compare with dense: Kullback-Leibler divergence, same top token, change of the"
              + " probability of the right token.")
  private boolean againstDense;

  @Option(
      names = "--one-by-one",
      description =
          "Feed the scored tokens one at a time, as generation does; always so with griffin, which"
              + " chooses its neurons by the prompt.")
  private boolean oneByOne;

  @ArgGroup(validate = false, heading = "%nComputation (-c is the window):%n")
  private LoadGroup loading = new LoadGroup();

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  PerplexityCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    text = TextInput.file(file);
    LoadOptions options = loading.options();
    ModelSource source = model.source();
    try (LanguageModel loaded = source.load(options)) {
      int window =
          options.contextLength() == 0
              ? Math.min(USUAL_WINDOW, loaded.config().contextLength())
              : options.contextLength();
      source.announce(streams);
      output.detail(streams, loaded.describeSparsity());
      PerplexityOptions windows = windows(window, loaded);
      if (againstDense) {
        compare(source, options, loaded, windows);
      } else {
        print(loaded, window, Perplexity.of(loaded, text, windows, this::progress));
      }
      return ExitCode.OK;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("" + file, e.getMessage(), e);
    }
  }

  private void compare(
      ModelSource source, LoadOptions options, LanguageModel loaded, PerplexityOptions windows) {
    LoadOptions dense = options.withSparsity(SparsityMode.DENSE);
    try (LanguageModel reference = source.load(dense)) {
      Divergence divergence = Divergence.of(reference, loaded, text, windows, this::progress);
      new DivergenceReport(loaded, windows, divergence)
          .print(new Results(streams.out()), output.json());
    }
  }

  private PerplexityOptions windows(int window, LanguageModel loaded) {
    try {
      PerplexityOptions options = new PerplexityOptions(window, stride, 0, oneByOne);
      return ModeComparison.optionsFor(loaded.sparsity(), options);
    } catch (IllegalArgumentException e) {
      throw new UsageFailure(e);
    }
  }

  private void progress(int done, int total, double perplexity) {
    output.detail(
        streams,
        String.format(Locale.ROOT, "window %d of %d: perplexity %.4f", done, total, perplexity));
  }

  private void print(LanguageModel loaded, int window, Perplexity result) {
    Results results = new Results(streams.out());
    if (output.json()) {
      results.json(
          json ->
              json.field("model", loaded.source())
                  .field("ppl", result.perplexity())
                  .field("ppl_error", result.perplexityDeviation())
                  .field("nll", result.nll())
                  .field("tokens", result.tokens())
                  .field("bits_per_byte", result.bitsPerByte())
                  .field("context", window)
                  .field("stride", stride)
                  .object("ffn", ffn -> DensityReport.write(ffn, result.feedForward())));
      return;
    }
    results.printf(
        "perplexity    %.4f +/- %.5f", result.perplexity(), result.perplexityDeviation());
    results.printf("nll           %.5f nats per token, %d tokens", result.nll(), result.tokens());
    results.printf("bits/byte     %.4f", result.bitsPerByte());
    results.printf("ffn           %s", DensityReport.text(result.feedForward()));
    results.flush();
  }
}
