package dev.skipjack.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of logits, little-endian float32 {@code [positions x vocabulary]}. It grows beside its
 * target and takes its name only when complete, so that nobody reads half a file. Without a target
 * everything is discarded.
 */
final class LogitsFile implements AutoCloseable {
  private final Optional<Path> target;
  private final Optional<Path> part;
  private final OutputStream out;

  private LogitsFile(Optional<Path> target, Optional<Path> part, OutputStream out) {
    this.target = target;
    this.part = part;
    this.out = out;
  }

  /**
   * Prepares to write.
   *
   * @throws CommandFailure if the target could not be created in the end
   */
  static LogitsFile create(Optional<Path> target) throws IOException {
    if (target.isEmpty()) {
      return new LogitsFile(target, Optional.empty(), OutputStream.nullOutputStream());
    }
    Path file = target.get();
    OutputFile.check(file);
    Path part = OutputFile.part(file);
    return new LogitsFile(target, Optional.of(part), Files.newOutputStream(part));
  }

  /** Appends one position. */
  void append(float[] logits) {
    ByteBuffer bytes =
        ByteBuffer.allocate(logits.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(logits);
    try {
      out.write(bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the complete file its name. */
  void commit() throws IOException {
    out.close();
    if (part.isPresent()) {
      OutputFile.commit(part.get(), target.get());
    }
  }

  /** Removes what was not committed. */
  @Override
  public void close() throws IOException {
    out.close();
    if (part.isPresent()) {
      Files.deleteIfExists(part.get());
    }
  }
}
