package dev.skipjack.cli;

import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.chat.ChatTemplateException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** Turns every failure into one line on standard error and an exit code. */
final class FailureReport {
  /** The command line itself is wrong. */
  static final int USAGE = ExitCode.USAGE;

  /** The command line is fine, but the work failed. */
  static final int FAILURE = ExitCode.SOFTWARE;

  private final Streams streams;
  private final boolean verbose;

  FailureReport(Streams streams, boolean verbose) {
    this.streams = streams;
    this.verbose = verbose;
  }

  /** Runs a command line; no exception leaves. */
  int guard(Supplier<CommandLine> commands, String... arguments) {
    try {
      return commands
          .get()
          .setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8))
          .setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8))
          // What follows an option is its value, even a prompt that begins with a dash.
          .setAllowOptionsAsOptionParameters(true)
          // "@name" at the start of a prompt is text, not a file of arguments.
          .setExpandAtFiles(false)
          .setParameterExceptionHandler((e, ignored) -> usage(e, e.getCommandLine()))
          .setExecutionExceptionHandler(this::failure)
          .execute(arguments);
    } catch (Error e) {
      return failure(e);
    }
  }

  private int failure(Exception e, CommandLine command, ParseResult ignored) {
    return e instanceof UsageFailure ? usage(e, command) : failure(e);
  }

  private int usage(Exception e, CommandLine command) {
    String message = e.getMessage().replaceFirst("^Error: ", "");
    streams.note("%s; see %s --help".formatted(message, command.getCommandSpec().qualifiedName()));
    trace(e);
    return USAGE;
  }

  private int failure(Throwable e) {
    if (e instanceof Results.ReaderGoneException) {
      return ExitCode.OK;
    }
    streams.note(describe(e));
    trace(e);
    return FAILURE;
  }

  private void trace(Throwable e) {
    if (verbose) {
      e.printStackTrace(streams.err());
    }
  }

  private static String describe(Throwable e) {
    return switch (e) {
      case CommandFailure failure -> failure.getMessage();
      case ModelFormatException failure -> failure.getMessage();
      case ChatTemplateException failure -> failure.getMessage();
      case DeviceException failure -> failure.getMessage();
      case NoSuchFileException failure -> failure.getFile() + ": no such file or directory";
      case AccessDeniedException failure -> failure.getFile() + ": permission denied";
      case FileSystemException failure -> failure.getFile() + ": " + failure.getReason();
      case UncheckedIOException failure -> describe(failure.getCause());
      case ExceptionInInitializerError failure when failure.getCause() != null ->
          describe(failure.getCause());
      case IOException failure -> "input or output: " + failure.getMessage();
      case OutOfMemoryError failure ->
          "out of memory: %s; a smaller -c helps, or a larger heap: SKIPJACK_JAVA_OPTS=-Xmx8g"
              .formatted(failure.getMessage());
      // How the embedding API refuses values and settings: a sentence for people.
      case IllegalArgumentException failure when failure.getMessage() != null ->
          failure.getMessage();
      case IllegalStateException failure when failure.getMessage() != null -> failure.getMessage();
      default -> "internal error: %s; %s shows where".formatted(e, OutputOptions.VERBOSE);
    };
  }
}
