package dev.skipjack.cli;

import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skipjack tokenize}: text to token ids. */
@Command(
    name = "tokenize",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "Show the tokens of a text.",
    description = {
      "",
      "Prints one token per line: its id and its spelling in the vocabulary. A GGUF file without"
          + " weights or a directory with only a tokenizer is enough.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack tokenize \"Once upon a time\"",
      "  skipjack tokenize -m model.gguf --file story.txt --no-bos --json"
    })
final class TokenizeCommand implements Callable<Integer> {
  private final Streams streams;

  @ArgGroup(multiplicity = "1", heading = "%nText, one of:%n")
  private Input input;

  @Option(
      names = "--no-bos",
      description = "Do not put the model's begin (and end) tokens around the text.")
  private boolean bare;

  @Option(
      names = "--special",
      description = "Read spellings of special tokens, like <s>, as those tokens.")
  private boolean special;

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  TokenizeCommand(Streams streams) {
    this.streams = streams;
  }

  /** Where the text comes from. */
  private static final class Input {
    @Parameters(paramLabel = "TEXT", description = "The text itself.")
    private Optional<String> text = Optional.empty();

    @Option(names = "--file", paramLabel = "FILE", description = "Read a UTF-8 file.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--stdin", description = "Read UTF-8 from standard input.")
    private boolean stdin;
  }

  @Override
  public Integer call() throws IOException {
    String text = text();
    ModelSource source = model.source();
    Tokenizer tokenizer = source.tokenizer();
    int[] ids = tokenizer.encode(text, new SpecialTokens(!bare, special));
    source.announce(streams);
    Results results = new Results(streams.out());
    if (output.json()) {
      List<String> pieces = Arrays.stream(ids).mapToObj(tokenizer::piece).toList();
      results.json(json -> json.array("ids", ids).strings("pieces", pieces));
    } else {
      for (int id : ids) {
        results.printf("%6d  %s", id, Text.quoted(tokenizer.piece(id)));
      }
      results.flush();
    }
    return ExitCode.OK;
  }

  private String text() throws IOException {
    if (input.stdin) {
      return TextInput.stream("standard input", streams.in());
    }
    return input.file.isPresent() ? TextInput.file(input.file.get()) : input.text.orElseThrow();
  }
}
