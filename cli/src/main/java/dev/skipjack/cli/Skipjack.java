package dev.skipjack.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code skipjack}: a front for its verbs. */
@Command(
    name = "skipjack",
    versionProvider = Version.class,
    header = "Runs language models on the JVM and computes only the neurons that fire.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack generate -p \"Once upon a time\"",
      "  skipjack generate -m model.gguf -p \"Once upon a time\" -n 64 --json",
      "  skipjack inspect model.gguf",
      "",
      "Without -m every command uses the small story model that comes with Skipjack.",
      "Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted."
    })
final class Skipjack implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help; each command has its own.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the versions of Skipjack and of the JVM.")
  private boolean version;

  @Override
  public void run() {
    throw new UsageFailure("command: none given");
  }

  /** Runs one command line and returns its exit code. */
  static int run(Streams streams, String... arguments) {
    boolean verbose = List.of(arguments).contains(OutputOptions.VERBOSE);
    return new FailureReport(streams, verbose).guard(() -> commands(streams), arguments);
  }

  /** All commands, one line each. */
  private static CommandLine commands(Streams streams) {
    return new CommandLine(new Skipjack())
        .addSubcommand(new GenerateCommand(streams))
        .addSubcommand(new ChatCommand(streams))
        .addSubcommand(new ServeCommand(streams))
        .addSubcommand(new EvalCommand(streams))
        .addSubcommand(new PerplexityCommand(streams))
        .addSubcommand(new TokenizeCommand(streams))
        .addSubcommand(new DetokenizeCommand(streams))
        .addSubcommand(new InspectCommand(streams))
        .addSubcommand(new BenchCommand(streams))
        .addSubcommand(new ConvertCommand(streams))
        .addSubcommand(new SparsityCommand(streams))
        .addSubcommand(new SparsifyCommand(streams))
        .addSubcommand(new DevicesCommand(streams));
  }
}
