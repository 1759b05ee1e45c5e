package dev.skipjack.cli;

import dev.skipjack.loader.container.ModelFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code skipjack inspect}: what a model file holds and what can be done with it. */
@Command(
    name = "inspect",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "Show what a model file holds.",
    description = {
      "",
      "Container, architecture, sizes, feed-forward network, tokenizer, readiness for sparse"
          + " computation, memory and every tensor. Weights are not read. Shapes stand in the"
          + " container's own order: GGUF begins with the contiguous dimension.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {"  skipjack inspect model.gguf", "  skipjack inspect -m model.gguf --json"})
final class InspectCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(arity = "0..1", paramLabel = "MODEL", description = "The same as -m MODEL.")
  private Optional<Path> argument = Optional.empty();

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  InspectCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    ModelSource source = model.source(argument);
    Retained<ModelFile> opened = Retained.measure(source::open);
    try (ModelFile file = opened.value()) {
      Retained<Inspection> understood = Retained.measure(() -> Inspection.of(file));
      Inspection inspection =
          understood
              .value()
              .withCost(
                  opened.heapBytes() + understood.heapBytes(),
                  opened.seconds() + understood.seconds());
      source.announce(streams);
      Results results = new Results(streams.out());
      if (output.json()) {
        results.json(json -> InspectionJson.write(json, inspection));
      } else {
        InspectionText.write(results, inspection);
      }
      return ExitCode.OK;
    }
  }
}
