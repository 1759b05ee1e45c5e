package dev.skipjack.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Messages typed at a terminal: with line editing, earlier messages under the arrow keys, and
 * pasted line ends that do not send. Ctrl-C stops an answer, or empties the line; Ctrl-D ends.
 */
final class TerminalInput implements ChatInput {
  private static final String PROMPT = "> ";

  private final Terminal terminal;
  private final LineReader reader;

  TerminalInput() throws IOException {
    this(TerminalBuilder.builder().system(true).nativeSignals(true).build());
  }

  TerminalInput(Terminal terminal) {
    this.terminal = terminal;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            // Messages have no words to quote, to escape or to look up.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .parser(new DefaultParser().escapeChars(new char[0]).quoteChars(new char[0]))
            .build();
  }

  @Override
  public Optional<String> next() {
    while (true) {
      try {
        return Optional.of(reader.readLine(PROMPT));
      } catch (UserInterruptException e) {
        terminal.writer().println("(Ctrl-D or /exit ends the chat)");
        terminal.flush();
      } catch (EndOfFileException e) {
        return Optional.empty();
      }
    }
  }

  @Override
  public boolean isInteractive() {
    return true;
  }

  @Override
  public <T> T cancellable(Function<BooleanSupplier, T> work) {
    AtomicBoolean cancelled = new AtomicBoolean();
    Thread worker = Thread.currentThread();
    Terminal.SignalHandler before =
        terminal.handle(
            Terminal.Signal.INT,
            signal -> {
              cancelled.set(true);
              worker.interrupt();
            });
    try {
      return work.apply(cancelled::get);
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
      // An interrupt that came too late must not end the next line.
      Thread.interrupted();
    }
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
