package dev.skipjack.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The tools behind Skipjack's numbers, from the shell. */
@Command(
    name = "bench",
    header = "Makes models, measures kernels, compares runtimes.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {"", "Every command has its own --help; bench/README.md explains the method."},
    subcommands = {
      GenerateCommand.class,
      CompareCommand.class,
      KernelsCommand.class,
      RooflineCommand.class
    })
public final class Bench implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  public static void main(String[] arguments) {
    System.exit(commands().execute(arguments));
  }

  /** All commands; wrong usage exits with 2, a failure with 1 and one line. */
  static CommandLine commands() {
    CommandLine bench = new CommandLine(new Bench());
    // JMH reads its own options.
    bench.getSubcommands().get("kernels").setUnmatchedOptionsArePositionalParams(true);
    return bench
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println("bench: " + failure.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }
}
