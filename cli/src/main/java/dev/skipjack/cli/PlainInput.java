package dev.skipjack.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Messages from a file or a pipe, one a line. */
final class PlainInput implements ChatInput {
  private final BufferedReader lines;

  PlainInput(InputStream in) {
    this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  @Override
  public Optional<String> next() throws IOException {
    return Optional.ofNullable(lines.readLine());
  }

  @Override
  public boolean isInteractive() {
    return false;
  }

  @Override
  public <T> T cancellable(Function<BooleanSupplier, T> work) {
    return work.apply(() -> false);
  }

  /** Leaves standard input open: it belongs to the process. */
  @Override
  public void close() {}
}
