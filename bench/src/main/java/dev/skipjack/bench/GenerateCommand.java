package dev.skipjack.bench;

import dev.skipjack.bench.synthetic.DownLayout;
import dev.skipjack.bench.synthetic.ModelGenerator;
import dev.skipjack.bench.synthetic.Shape;
import dev.skipjack.bench.synthetic.SyntheticModel;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bench generate}: writes a synthetic model. */
@Command(
    name = "generate",
    sortOptions = false,
    header = "Write a GGUF model with random weights.",
    description = {
      "",
      "The file loads wherever its tensor types and architecture do: llama (gated feed-forward) or"
          + " arcee (ungated). With --density the feed-forward activations are shifted, layer by"
          + " layer, until that fraction of neurons is not zero, which is measured by running the"
          + " model. With --predictor-rank an activation predictor that finds the active neurons"
          + " comes with it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bench generate --preset llama-3.2-1b --type q4_0 1b-q4_0.gguf",
      "  bench generate --preset 7b --type q4_0 --activation relu --density 0.1 --down neuron"
          + " 7b.gguf"
    })
final class GenerateCommand implements Callable<Integer> {
  /** What llama-quantize keeps the output matrix in when the others have less. */
  private static final TensorType GOOD_OUTPUT = TensorType.Q6_K;

  private static final long SEED = 42;

  /** Feed-forward with or without a gate. */
  private enum Architecture {
    LLAMA("silu"),
    ARCEE("relu2");

    private final String activation;

    Architecture(String activation) {
      this.activation = activation;
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The GGUF file to write.")
  private Path file;

  @Option(
      names = "--arch",
      paramLabel = "NAME",
      description = "llama (gated) or arcee (ungated) (default: llama).")
  private Architecture architecture = Architecture.LLAMA;

  @ArgGroup(validate = false, heading = "%nSizes:%n")
  private ShapeOptions sizes = new ShapeOptions();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Type of the matrices: f32, f16, bf16, q8_0, q4_0, q4_k, ... (default: q8_0).")
  private TensorType type = TensorType.Q8_0;

  @Option(
      names = "--output-type",
      paramLabel = "TYPE",
      description =
          "Type of the output matrix, which is the embedding when tied (default: q6_k where the"
              + " others have fewer bits, as llama-quantize does, else as --type).")
  private Optional<TensorType> outputType = Optional.empty();

  @Option(
      names = "--activation",
      paramLabel = "NAME[:P]",
      description = "Feed-forward activation (default: silu for llama, relu2 for arcee).")
  private Optional<String> activation = Optional.empty();

  @Option(
      names = "--density",
      paramLabel = "FRACTION",
      description = "Neurons that are not zero; needs an activation with exact zeros.")
  private OptionalDouble density = OptionalDouble.empty();

  @Option(
      names = "--predictor-rank",
      paramLabel = "N",
      description = "Inner size of an activation predictor; 0 for none (default: 0).")
  private int predictorRank;

  @Option(
      names = "--down",
      paramLabel = "LAYOUT",
      description = "Down projection as row, neuron or both (default: row).")
  private DownLayout down = DownLayout.ROW;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed gives the same file (default: ${DEFAULT-VALUE}).")
  private long seed = SEED;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that run the model to measure its density (default: all).")
  private int threads = ThreadTeam.defaultThreads();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;

  @Override
  public Integer call() throws IOException {
    SyntheticModel model = model();
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    double[] measured = ModelGenerator.generate(model, file, threads);
    out.printf(
        Locale.ROOT,
        "%s: %.2f GB in %.1f s%n",
        file,
        Files.size(file) / 1e9,
        (System.nanoTime() - start) / 1e9);
    for (int layer = 0; layer < measured.length; layer++) {
      out.printf(Locale.ROOT, "layer %d: density %.4f%n", layer, measured[layer]);
    }
    return ExitCode.OK;
  }

  private SyntheticModel model() {
    try {
      Shape shape = sizes.shape();
      return new SyntheticModel(
          shape,
          architecture == Architecture.LLAMA,
          type,
          outputType.orElseGet(() -> usualOutputType(shape)),
          ActivationSpec.parse(activation.orElse(architecture.activation)),
          density,
          predictorRank,
          down,
          seed);
    } catch (IllegalArgumentException | TypeConversionException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private TensorType usualOutputType(Shape shape) {
    boolean fewerBits =
        (long) type.blockBytes() * GOOD_OUTPUT.blockLength()
            < (long) GOOD_OUTPUT.blockBytes() * type.blockLength();
    boolean fits = shape.hidden() % GOOD_OUTPUT.blockLength() == 0;
    return fewerBits && fits ? GOOD_OUTPUT : type;
  }
}
