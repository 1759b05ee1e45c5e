package dev.skipjack.bench;

import dev.skipjack.bench.roofline.BenchSamples;
import dev.skipjack.bench.roofline.Ceilings;
import dev.skipjack.bench.roofline.Roofline;
import dev.skipjack.bench.roofline.Roofline.Point;
import dev.skipjack.bench.roofline.RooflineSvg;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.measure.StreamingBandwidth;
import dev.skipjack.inference.measure.ThroughputResult;
import dev.skipjack.inference.measure.ThroughputTest;
import dev.skipjack.inference.measure.ThroughputTest.Phase;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench roofline}: what bounds models on this machine, as a picture. */
@Command(
    name = "roofline",
    sortOptions = false,
    header = "Draw what memory and arithmetic allow, and where models are.",
    description = {
      "",
      "Measures the streaming bandwidth and what the kernels of prompts and of generation reach"
          + " within caches, runs every model file, and writes an SVG. Points of --samples, lines"
          + " of what skipjack bench --json printed on this machine, are drawn too.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {"  bench roofline -m 1b-q8_0.gguf -m 1b-q4_0.gguf -o roofline.svg"})
final class RooflineCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      arity = "1..*",
      description = "GGUF files to run, densely.")
  private List<Path> models = List.of();

  @Option(
      names = "--samples",
      paramLabel = "JSONL",
      description = "Results of skipjack bench --json, one object a line.")
  private Optional<Path> samples = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "SVG",
      required = true,
      description = "The picture to write.")
  private Path output;

  @Option(
      names = {"-p", "--n-prompt"},
      paramLabel = "N",
      description = "Prompt length (default: ${DEFAULT-VALUE}).")
  private int prompt = 256;

  @Option(
      names = {"-n", "--n-gen"},
      paramLabel = "N",
      description = "Tokens to generate (default: ${DEFAULT-VALUE}).")
  private int generated = 32;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      description = "Samples per test (default: ${DEFAULT-VALUE}).")
  private int repetitions = 3;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads (default: all processors).")
  private int threads = ThreadTeam.defaultThreads();

  @Override
  public Integer call() throws IOException {
    if (models.isEmpty() && samples.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Missing -m or --samples");
    }
    if (Math.min(Math.min(prompt, generated), Math.min(repetitions, threads)) < 1) {
      throw new ParameterException(spec.commandLine(), "-p, -n, -r and -t: expected 1 or more");
    }
    List<Point> points = new ArrayList<>();
    if (samples.isPresent()) {
      points.addAll(BenchSamples.parse(Files.readAllLines(samples.get())));
    }
    for (Path model : models) {
      points.addAll(run(model));
    }
    Roofline roofline =
        new Roofline(
            "%s, %d threads".formatted(KernelProviders.describe(), threads),
            StreamingBandwidth.measure(threads).gigabytesPerSecond() * 1e9,
            Ceilings.measure(threads),
            points);
    Files.writeString(output, RooflineSvg.draw(roofline));
    spec.commandLine().getOut().println("wrote " + output);
    return ExitCode.OK;
  }

  private List<Point> run(Path file) throws IOException {
    LoadOptions options =
        LoadOptions.DEFAULTS
            .withThreads(threads)
            .withSparsity(SparsityMode.DENSE)
            .withContextLength(Math.max(prompt, generated));
    List<Point> points = new ArrayList<>();
    try (LanguageModel model = LanguageModel.load(file, options)) {
      double macs = multiplyAdds(model);
      String name = file.getFileName().toString().replaceFirst("\\.gguf$", "");
      for (ThroughputTest test :
          List.of(
              new ThroughputTest(Phase.GENERATION, generated, 0),
              new ThroughputTest(Phase.PROMPT, prompt, 0))) {
        ThroughputResult result = test.run(model, repetitions);
        points.add(
            new Point(
                name + " " + test.name(), macs / result.bytesPerToken(), macs * result.mean()));
      }
    }
    return points;
  }

  /** Of a token: the elements of all matrices, without an embedding that is only looked up. */
  private static double multiplyAdds(LanguageModel model) {
    boolean tied = model.file().tensor("output.weight").isEmpty();
    return model.file().tensors().entrySet().stream()
        .filter(entry -> entry.getValue().shape().length > 1)
        .filter(entry -> tied || !entry.getKey().equals("token_embd.weight"))
        .mapToDouble(entry -> entry.getValue().elementCount())
        .sum();
  }
}
