package dev.skipjack.loader.container;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Read-only memory maps of model files, and what to say when the file changes underneath. */
public final class MappedFiles {
  private MappedFiles() {}

  /**
   * Maps a whole file; it stays mapped until the arena closes.
   *
   * @throws ModelFormatException if the file is missing, not a regular file, empty or unreadable
   */
  public static MemorySegment map(Path file, Arena arena) {
    try (MappedFile mapped = MappedFile.open(file, arena)) {
      return mapped.memory();
    }
  }

  /** Refuses what is not there, a directory, and what may never end. */
  static void requireRegular(Path file) {
    if (Files.notExists(file)) {
      throw new ModelFormatException(file + ": no such file");
    }
    if (!Files.exists(file)) {
      throw ModelFormatException.unreachable(file);
    }
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException(
          file.toString(),
          "file",
          Files.isDirectory(file) ? "a directory" : "a pipe or device",
          "a file");
    }
  }

  /**
   * Turns the error of touching a page that the file no longer has into one for people. HotSpot
   * reports such a fault as an {@link InternalError} in the thread that touched the page: whoever
   * reads mapped tensors catches it once, at the boundary of a whole call, and discards the results
   * of that call.
   *
   * <p>Interpreted code, compiled scalar access and bulk copies all end that way. Vector API loads
   * do only if the method they are compiled into also holds a scalar access to a segment: in a
   * method with vector loads alone, HotSpot 25 does not expect a fault and the process dies of
   * SIGBUS. Kernels therefore put a scalar access beside every vector load.
   *
   * @param source the file or directory, for the message
   * @return the exception to throw
   * @throws InternalError {@code error} itself, if it is about anything else
   */
  public static ModelFormatException explain(String source, InternalError error) {
    if (error.getMessage() == null || !error.getMessage().contains("unsafe memory access")) {
      throw error;
    }
    return changed(source, error);
  }

  /**
   * Throws what HotSpot still has to say about pages that are gone. The load that met such a page
   * has returned anything, the error comes at the thread's next safepoint, and until then what was
   * made of the value may have come to its end or to a failure of its own. Where a whole call ends,
   * in each thread that took part, this makes the error come now. Costs some ten nanoseconds.
   *
   * @throws InternalError if a page was gone
   */
  public static void settle() {
    // Any call of the virtual machine ends with a safepoint; this one does nothing else.
    Thread.holdsLock(MappedFiles.class);
  }

  static ModelFormatException changed(String source, Throwable cause) {
    return new ModelFormatException(
        source + ": the model file changed on disk while it was open; load it again", cause);
  }
}
