package dev.skipjack.cli;

import dev.skipjack.models.tokenizer.Tokenizer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skipjack detokenize}: token ids to text. */
@Command(
    name = "detokenize",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "Show the text of token ids.",
    description = {"", "Control tokens, like the begin token, have no text.", ""},
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack detokenize --tokens 1,403,407",
      "  skipjack detokenize -m model.gguf --tokens 1,403,407 --json"
    })
final class DetokenizeCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--tokens",
      paramLabel = "IDS",
      required = true,
      converter = TokenIds.Converter.class,
      description = "Token ids like 1,2,3.")
  private TokenIds tokens;

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  DetokenizeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    ModelSource source = model.source();
    Tokenizer tokenizer = source.tokenizer();
    String text = tokenizer.decode(tokens.within(tokenizer.vocabularySize()));
    source.announce(streams);
    Results results = new Results(streams.out());
    if (output.json()) {
      results.json(json -> json.field("text", text));
    } else {
      results.stream(text + "\n");
    }
    return ExitCode.OK;
  }
}
