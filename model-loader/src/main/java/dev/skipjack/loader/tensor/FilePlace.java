package dev.skipjack.loader.tensor;

/**
 * Where the bytes of a mapped tensor are in their file. To read a few of them costs a copy, whereas
 * touching a page of the mapping for the first time brings all pages around it into the memory of
 * the process, which takes ten times as long.
 *
 * @param start in bytes from the start of the file
 */
public record FilePlace(FileBytes file, long start) {
  /** Fills the array with the bytes from {@code offset} on, counted from this place. */
  public void read(long offset, byte[] target) {
    file.read(start + offset, target);
  }

  FilePlace plus(long bytes) {
    return new FilePlace(file, start + bytes);
  }
}
