package dev.skipjack.loader.container;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/**
 * A model file that cannot be used as it is. The message is one sentence for people: which file,
 * where in it, what was found, what was expected and, when there is one, the remedy.
 */
public final class ModelFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A violation with both sides of the comparison. */
  public ModelFormatException(String file, String where, String found, String expected) {
    this("%s: %s: found %s, expected %s".formatted(file, where, found, expected));
  }

  /** A violation in free words; they should still name the file. */
  public ModelFormatException(String message) {
    super(message);
  }

  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A file or stream that the system fails to deliver. */
  public static ModelFormatException unreadable(Object source, IOException cause) {
    String reason = cause instanceof AccessDeniedException ? "permission denied" : "" + cause;
    return new ModelFormatException("%s: cannot be read: %s".formatted(source, reason), cause);
  }

  /** A path of which the system does not say whether it leads anywhere. */
  public static ModelFormatException unreachable(Path path) {
    return new ModelFormatException(
        path + ": cannot be reached; check its permissions and where its symbolic links lead");
  }
}
