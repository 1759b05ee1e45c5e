package dev.skipjack.cli;

import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.GenerationResult;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code skipjack generate}: continues a prompt. */
@Command(
    name = "generate",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "Continue a text.",
    description = {
      "",
      "Standard output carries the continuation alone, as it appears, without the prompt."
          + " Statistics follow on standard error. Without a prompt the model begins a text of"
          + " its own.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack generate -p \"Once upon a time\"",
      "  skipjack generate -m model.gguf --prompt-file question.txt -n 64 --temp 0",
      "  skipjack generate -p \"Once upon a time\" -n 32 --seed 7 --json"
    })
final class GenerateCommand implements Callable<Integer> {
  private final Streams streams;

  @ArgGroup(heading = "%nPrompt, at most one of:%n")
  private PromptGroup prompt = new PromptGroup();

  @ArgGroup(validate = false, heading = "%nLength:%n")
  private GenerationGroup generation = new GenerationGroup();

  @ArgGroup(validate = false, heading = "%nSampling:%n")
  private SamplingGroup sampling = new SamplingGroup();

  @ArgGroup(validate = false, heading = "%nComputation:%n")
  private LoadGroup loading = new LoadGroup();

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  GenerateCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    generation.check();
    SamplingOptions samplingOptions = sampling.options();
    LoadOptions loadOptions = loading.options();
    PromptGroup.Prompt words = prompt.read();
    ModelSource source = model.source();
    long start = System.nanoTime();
    try (LanguageModel loaded = source.load(loadOptions);
        Interruption interruption = Interruption.listen();
        Session session = loaded.newSession()) {
      double loadSeconds = (System.nanoTime() - start) * 1e-9;
      int[] ids = words.encode(loaded);
      LoadGroup.requireRoom("prompt tokens", ids, session);
      source.announce(streams);
      output.detail(streams, loaded.compute() + ", seed " + samplingOptions.seed());
      output.detail(streams, loaded.describeSparsity());
      GenerationRequest request = generation.text(ids, samplingOptions);
      GenerationResult result = run(session, request, interruption);
      report(new GenerationReport(loaded, request, result, session.feedForward(), loadSeconds));
      return interruption.requested() ? Interruption.EXIT_CODE : ExitCode.OK;
    }
  }

  private GenerationResult run(
      Session session, GenerationRequest request, Interruption interruption) {
    Results results = new Results(streams.out());
    try {
      return session.generate(
          request,
          piece -> {
            if (!output.json()) {
              results.stream(piece);
            }
            return !interruption.requested();
          });
    } finally {
      interruption.acknowledge();
    }
  }

  private void report(GenerationReport report) {
    Results results = new Results(streams.out());
    if (output.json()) {
      results.json(report::write);
    } else {
      results.stream("\n");
      report.print(streams.err());
    }
  }
}
