package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.models.tokenizer.SpecialTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a prompt comes from: at most one of three. */
final class PromptGroup {
  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The text to continue.")
  private Optional<String> text = Optional.empty();

  @Option(
      names = "--prompt-file",
      paramLabel = "FILE",
      description = "Read the prompt from a UTF-8 file; one line end at its end is dropped.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--prompt-tokens",
      paramLabel = "IDS",
      converter = TokenIds.Converter.class,
      description = "Token ids like 1,2,3, taken as they are: no begin token is added.")
  private Optional<TokenIds> tokens = Optional.empty();

  /** The prompt, read but not yet tokenized. */
  sealed interface Prompt {
    /** Text still to be tokenized. */
    record Words(String text) implements Prompt {}

    /** Ids given directly. */
    record Ids(TokenIds ids) implements Prompt {}

    /** No prompt: the begin token alone. */
    record None() implements Prompt {}

    /**
     * The prompt's token ids, at least one.
     *
     * @throws CommandFailure if an id is unknown or there is nothing to start from
     */
    default int[] encode(LanguageModel model) {
      return switch (this) {
        case Words words -> model.tokenizer().encode(words.text, SpecialTokens.PROMPT);
        case Ids given -> given.ids.within(model.config().vocabularySize());
        case None none -> {
          int[] begin = model.tokenizer().bos().stream().toArray();
          if (begin.length == 0) {
            throw new CommandFailure(
                "prompt", "none given, and this model has no begin token; use -p");
          }
          yield begin;
        }
      };
    }
  }

  /**
   * Reads the prompt.
   *
   * @throws CommandFailure if there is no text in it
   */
  Prompt read() throws IOException {
    if (tokens.isPresent()) {
      return new Prompt.Ids(tokens.get());
    }
    if (text.isPresent()) {
      return words("-p", text.get());
    }
    return file.isPresent()
        ? words("" + file.get(), TextInput.file(file.get()).replaceFirst("\\R\\z", ""))
        : new Prompt.None();
  }

  private static Prompt words(String source, String text) {
    if (text.isEmpty()) {
      throw new CommandFailure(source, "the prompt is empty, expected text");
    }
    return new Prompt.Words(text);
  }
}
