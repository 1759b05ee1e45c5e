package dev.skipjack.loader.tensor;

/** An open file that is read at any place. Thread-safe. */
@FunctionalInterface
public interface FileBytes {
  /**
   * Fills the array with the bytes from {@code offset} on.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if the file has become shorter, or
   *     the system fails to deliver it
   * @throws IllegalStateException if the file is closed
   */
  void read(long offset, byte[] target);
}
