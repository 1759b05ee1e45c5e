package dev.skipjack.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Where the messages of a chat come from. */
interface ChatInput extends AutoCloseable {
  /** A terminal with line editing if someone sits at one, else the lines of standard input. */
  static ChatInput of(Streams streams) throws IOException {
    return streams.isTerminal() ? new TerminalInput() : new PlainInput(streams.in());
  }

  /** The next message; empty at the end. */
  Optional<String> next() throws IOException;

  /** Whether someone types, who can correct what went wrong. */
  boolean isInteractive();

  /**
   * Does work that can be cancelled while it lasts: the work is told by what it is given, and its
   * thread is interrupted.
   */
  <T> T cancellable(Function<BooleanSupplier, T> work);

  @Override
  void close() throws IOException;
}
