package dev.skipjack.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/**
 * Writes a command's result to standard output. A reader that went away ends the command through
 * {@link ReaderGoneException}, any other refusal through {@link CommandFailure}: nothing is lost
 * silently.
 */
final class Results {
  private final Writer out;

  Results(OutputStream out) {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  /** Writes text that may still wait in the buffer. */
  void print(String text) {
    write(text, false);
  }

  /** Writes a line that may still wait in the buffer. */
  void println(String line) {
    print(line + "\n");
  }

  /** Writes one line of {@code String.format} with the root locale. */
  void printf(String format, Object... arguments) {
    println(String.format(Locale.ROOT, format, arguments));
  }

  /** Writes text that must be seen now. */
  void stream(String text) {
    write(text, true);
  }

  /** Writes one JSON object and a line end. */
  void json(Consumer<Json> content) {
    try {
      Json.write(out, content);
    } catch (JacksonException e) {
      throw e.getCause() instanceof IOException cause ? refused(cause) : e;
    }
    stream("\n");
  }

  void flush() {
    write("", true);
  }

  private void write(String text, boolean now) {
    try {
      out.write(text);
      if (now) {
        out.flush();
      }
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private static RuntimeException refused(IOException e) {
    return ("" + e.getMessage()).contains("Broken pipe")
        ? new ReaderGoneException(e)
        : new CommandFailure("standard output", "" + e.getMessage(), e);
  }

  /** The reader of standard output has seen enough. */
  static final class ReaderGoneException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    private ReaderGoneException(IOException cause) {
      super(cause);
    }
  }
}
