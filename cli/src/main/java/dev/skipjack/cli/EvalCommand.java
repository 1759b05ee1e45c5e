package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skipjack eval}: the logits after every token of a given sequence. */
@Command(
    name = "eval",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "Print the logits that a model gives after each token of a sequence.",
    description = {
      "",
      "For checking one runtime against another: the ids are taken as they are, nothing is drawn.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack eval --tokens 1,403,407 --top 3",
      "  skipjack eval -m model.gguf --tokens 1,403,407 --logits logits.f32 --json"
    })
final class EvalCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--tokens",
      paramLabel = "IDS",
      required = true,
      converter = TokenIds.Converter.class,
      description = "Token ids like 1,2,3.")
  private TokenIds tokens;

  @Option(
      names = "--top",
      paramLabel = "K",
      description = "How many of the largest logits to print (default: ${DEFAULT-VALUE}).")
  private int top = 5;

  @Option(
      names = "--logits",
      paramLabel = "FILE",
      description =
          "Write all logits to a file: little-endian 32-bit floats, [positions x vocabulary].")
  private Optional<Path> logitsFile = Optional.empty();

  @ArgGroup(validate = false, heading = "%nComputation:%n")
  private LoadGroup loading = new LoadGroup();

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  EvalCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (top < 0) {
      throw new UsageFailure("--top: found %d, expected 0 or more".formatted(top));
    }
    LoadOptions loadOptions = loading.options();
    ModelSource source = model.source();
    try (LogitsFile file = LogitsFile.create(logitsFile);
        LanguageModel loaded = source.load(loadOptions);
        Session session = loaded.newSession()) {
      int[] ids = tokens.within(loaded.config().vocabularySize());
      LoadGroup.requireRoom("tokens", ids, session);
      source.announce(streams);
      output.detail(streams, loaded.compute());
      output.detail(streams, loaded.describeSparsity());
      List<Position> positions = new ArrayList<>();
      session.evaluate(
          ids,
          (index, logits) -> {
            positions.add(new Position(index, ids[index], TopLogits.of(logits, top)));
            file.append(logits);
          });
      file.commit();
      print(loaded, positions);
      return ExitCode.OK;
    }
  }

  /** What came after one token. */
  private record Position(int index, int token, List<TopLogits.Entry> top) {}

  private void print(LanguageModel loaded, List<Position> positions) {
    Results results = new Results(streams.out());
    if (output.json()) {
      results.json(
          json ->
              json.field("model", loaded.source())
                  .objects("positions", positions, EvalCommand::write));
      return;
    }
    Tokenizer tokenizer = loaded.tokenizer();
    for (Position position : positions) {
      results.printf(
          "%4d  %6d %-16s %s",
          position.index,
          position.token,
          piece(tokenizer, position.token),
          position.top.stream()
              .map(entry -> describe(tokenizer, entry))
              .collect(Collectors.joining("  ")));
    }
    results.flush();
  }

  private static String describe(Tokenizer tokenizer, TopLogits.Entry entry) {
    String piece = piece(tokenizer, entry.id());
    return String.format(Locale.ROOT, "%d %s %.4f", entry.id(), piece, entry.logit());
  }

  /** Models pad their vocabulary; such ids have no spelling. */
  private static String piece(Tokenizer tokenizer, int id) {
    return id < tokenizer.vocabularySize() ? Text.quoted(tokenizer.piece(id)) : "(padding)";
  }

  private static void write(Json json, Position position) {
    json.objects(
        "top", position.top, (j, entry) -> j.field("id", entry.id()).field("logit", entry.logit()));
  }
}
