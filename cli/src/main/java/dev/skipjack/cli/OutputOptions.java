package dev.skipjack.cli;

import picocli.CommandLine.Option;

/** How a command reports, the same for every verb. */
final class OutputOptions {
  static final String VERBOSE = "--verbose";

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output instead of text.")
  private boolean json;

  @Option(
      names = VERBOSE,
      description = "Say more on standard error; failures come with a stack trace.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;

  boolean json() {
    return json;
  }

  /** Says something that only interests with {@code --verbose}. */
  void detail(Streams streams, String text) {
    if (verbose) {
      streams.note(text);
    }
  }
}
