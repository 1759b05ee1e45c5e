package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.models.chat.ChatTemplateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skipjack chat}: a conversation, by the model's chat template. */
@Command(
    name = "chat",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "Talk with a model.",
    description = {
      "",
      "Type a message and Enter. The model's own chat template writes the conversation; ChatML"
          + " stands in where it has none. Ctrl-C stops an answer, Ctrl-D ends the chat. From a"
          + " pipe, every line is a message. When the context is full, the oldest messages are"
          + " forgotten.",
      "",
      ChatCommand.COMMANDS,
      "A message that begins with a slash is written with two.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack chat -m model.gguf",
      "  skipjack chat -m model.gguf --system \"Answer in one sentence.\" --temp 0",
      "  echo \"What is a skipjack?\" | skipjack chat -m model.gguf --json"
    })
final class ChatCommand implements Callable<Integer> {
  /** What can be typed beside messages, as picocli formats it. */
  static final String COMMANDS =
      "  /help         these commands%n"
          + "  /reset        begin a new conversation%n"
          + "  /stats        how full the context is, and how fast the last answer was%n"
          + "  /save FILE    write the conversation as JSON%n"
          + "  /exit         end the chat%n";

  private final Streams streams;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "What the model is told before the first message.")
  private Optional<String> instruction = Optional.empty();

  @ArgGroup(validate = false, heading = "%nLength of an answer:%n")
  private GenerationGroup generation = new GenerationGroup();

  @ArgGroup(validate = false, heading = "%nSampling:%n")
  private SamplingGroup sampling = new SamplingGroup();

  @ArgGroup(validate = false, heading = "%nComputation:%n")
  private LoadGroup loading = new LoadGroup();

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  ChatCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    generation.check();
    SamplingOptions samplingOptions = sampling.options();
    LoadOptions loadOptions = loading.options();
    ModelSource source = model.source();
    try (LanguageModel loaded = source.load(loadOptions);
        Session session = loaded.newSession();
        ChatInput input = ChatInput.of(streams)) {
      Chat chat = new Chat(loaded, session, new Dialogue(instruction), generation, samplingOptions);
      source.announce(streams);
      output.detail(streams, loaded.compute() + ", seed " + samplingOptions.seed());
      output.detail(streams, loaded.describeSparsity());
      if (!chat.format().isOwn()) {
        streams.note("the model has no chat template, ChatML stands in");
      }
      if (input.isInteractive()) {
        streams.note("/help lists commands");
      }
      int exitCode = converse(chat, input);
      if (output.json()) {
        new Results(streams.out()).json(chat.report()::write);
      }
      return exitCode;
    }
  }

  private int converse(Chat chat, ChatInput input) throws IOException {
    for (Optional<String> line = input.next(); line.isPresent(); line = input.next()) {
      String text = line.get().strip();
      try {
        if (text.equals("/exit")) {
          return ExitCode.OK;
        }
        if (text.startsWith("/") && !text.startsWith("//")) {
          command(chat, text);
        } else if (!text.isEmpty() && !ask(chat, input, text.replaceFirst("^//", "/"))) {
          return Interruption.EXIT_CODE;
        }
      } catch (CommandFailure | ChatTemplateException e) {
        if (!input.isInteractive()) {
          throw e;
        }
        streams.note(e.getMessage());
      }
    }
    return ExitCode.OK;
  }

  /** Returns whether the chat goes on. */
  private boolean ask(Chat chat, ChatInput input, String question) {
    Results results = new Results(streams.out());
    try (Interruption interruption = Interruption.listen()) {
      try {
        input.cancellable(
            cancelled ->
                chat.ask(
                    question,
                    () -> cancelled.getAsBoolean() || interruption.requested(),
                    piece -> {
                      if (!output.json()) {
                        results.stream(piece);
                      }
                    }));
      } finally {
        interruption.acknowledge();
      }
      if (!output.json()) {
        results.stream("\n");
      }
      return !interruption.requested();
    }
  }

  private void command(Chat chat, String text) throws IOException {
    String[] words = text.split("\\s+", 2);
    switch (words[0]) {
      case "/help" -> streams.err().printf(COMMANDS);
      case "/reset" -> chat.reset();
      case "/stats" -> chat.report().print(streams.err());
      case "/save" -> {
        if (words.length < 2) {
          throw new CommandFailure("/save", "found no file, expected /save FILE");
        }
        Path file = Path.of(words[1]);
        OutputFile.check(file);
        OutputFile.write(file, chat.report().conversation());
        streams.note("wrote " + file);
      }
      default ->
          throw new CommandFailure(
              words[0], "not a command; /help lists them, // begins a message");
    }
  }
}
