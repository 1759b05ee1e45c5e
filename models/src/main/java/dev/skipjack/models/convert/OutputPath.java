package dev.skipjack.models.convert;

import dev.skipjack.loader.gguf.GgufWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The place for an output file: checked before any work is done for it, written in one step. */
public final class OutputPath {
  /** One part of a split model; the group is what all parts have in common. */
  private static final Pattern PART = Pattern.compile("(.+)-\\d{5}(-of-\\d{5}\\.gguf)");

  private OutputPath() {}

  /**
   * Checks that an output can be written and would not overwrite its input.
   *
   * @param input a path that need not exist
   * @throws FileSystemException if no file can or should be written there
   */
  public static void check(Path input, Path output) throws IOException {
    Path directory = output.toAbsolutePath().getParent();
    if (directory == null || Files.isDirectory(output)) {
      throw refused(output, "is a directory, expected the name of a file");
    }
    if (!Files.isDirectory(directory)) {
      throw refused(output, "its directory does not exist");
    }
    if (Files.exists(output)) {
      if (!Files.isRegularFile(output)) {
        throw refused(output, "exists and is not a regular file");
      }
      if (Files.exists(input) && isPartOf(input, output)) {
        throw refused(output, "is the input, which a conversion never overwrites");
      }
    }
  }

  private static boolean isPartOf(Path input, Path output) throws IOException {
    if (Files.isSameFile(input, output)) {
      return true;
    }
    Matcher one = PART.matcher("" + input.getFileName());
    Matcher other = PART.matcher("" + output.getFileName());
    return one.matches()
        && other.matches()
        && one.group(1).equals(other.group(1))
        && one.group(2).equals(other.group(2))
        && Files.isSameFile(
            input.toAbsolutePath().getParent(), output.toAbsolutePath().getParent());
  }

  /**
   * Writes a file that appears under its name only when it is complete.
   *
   * @throws FileSystemException if it cannot be written
   * @throws ClosedByInterruptException or {@link InterruptedIOException}, if the thread is
   *     interrupted
   */
  public static void write(GgufWriter writer, Path output) throws IOException {
    try {
      writer.write(output);
    } catch (FileSystemException | ClosedByInterruptException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      FileSystemException failure = refused(output, "cannot be written: " + e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  private static FileSystemException refused(Path output, String reason) {
    return new FileSystemException(output.toString(), null, reason);
  }
}
