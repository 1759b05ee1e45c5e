package dev.skipjack.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes. Standard output carries results and nothing else; notes,
 * statistics and failures go to standard error. All text is UTF-8, whatever the locale.
 */
record Streams(InputStream in, OutputStream out, PrintStream err) {
  private static final int BUFFER_BYTES = 8192;

  static Streams ofProcess() {
    return new Streams(
        System.in,
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
  }

  /** Whether someone sits at a terminal, for input and output. */
  boolean isTerminal() {
    return in == System.in && System.console() != null && System.console().isTerminal();
  }

  /** A remark for people, on standard error. */
  void note(String text) {
    err.println("skipjack: " + Text.oneLine(text));
  }
}
