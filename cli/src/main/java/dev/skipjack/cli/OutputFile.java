package dev.skipjack.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A text file that a command writes: it appears under its name only when it is complete. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Checks a place before any work is done for it.
   *
   * @throws CommandFailure if no file could be written there in the end
   */
  static void check(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new CommandFailure("" + file, "exists and is not a regular file");
    }
    if (!Files.isDirectory(directory(file))) {
      throw new CommandFailure("" + file, "its directory does not exist");
    }
  }

  private static Path directory(Path file) {
    return file.toAbsolutePath().getParent();
  }

  /** The temporary file beside a target. */
  static Path part(Path file) {
    return directory(file)
        .resolve("." + file.getFileName() + ".part-" + ProcessHandle.current().pid());
  }

  /** Gives a complete temporary file its name. */
  static void commit(Path part, Path file) throws IOException {
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  static void write(Path file, String text) throws IOException {
    Path part = part(file);
    try {
      Files.writeString(part, text);
      commit(part, file);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
