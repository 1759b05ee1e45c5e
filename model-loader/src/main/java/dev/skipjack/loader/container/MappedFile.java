package dev.skipjack.loader.container;

import dev.skipjack.loader.tensor.FileBytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model file that is mapped as a whole and stays open, so that what is read of it later is of the
 * same file, whatever its path has come to mean. Thread-safe.
 */
public final class MappedFile implements FileBytes, AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private final MemorySegment memory;

  private MappedFile(Path path, RandomAccessFile file, MemorySegment memory) {
    this.path = path;
    this.file = file;
    this.memory = memory;
  }

  /**
   * Maps a file read-only; it stays mapped until the arena closes.
   *
   * @throws ModelFormatException if the file is missing, not a regular file, empty or unreadable
   */
  static MappedFile open(Path path, Arena arena) {
    MappedFiles.requireRegular(path);
    if (!Files.isReadable(path)) {
      throw ModelFormatException.unreadable(path, new AccessDeniedException(path.toString()));
    }
    // A channel of its own would be closed by an interrupt of any thread that reads.
    try {
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
      try {
        if (file.length() == 0) {
          throw new ModelFormatException(path + ": the file is empty");
        }
        FileChannel channel = file.getChannel();
        MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        return new MappedFile(path, file, memory);
      } catch (Throwable e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw ModelFormatException.unreadable(path, e);
    }
  }

  /** All bytes of the file. */
  public MemorySegment memory() {
    return memory;
  }

  @Override
  public synchronized void read(long offset, byte[] target) {
    if (!memory.scope().isAlive()) {
      throw new IllegalStateException(path + " is closed");
    }
    try {
      file.seek(offset);
      file.readFully(target);
    } catch (EOFException e) {
      throw MappedFiles.changed(path.toString(), e);
    } catch (IOException e) {
      throw ModelFormatException.unreadable(path, e);
    }
  }

  /** Closes the file; the arena unmaps it. */
  @Override
  public synchronized void close() {
    try {
      file.close();
    } catch (IOException e) {
      // Nothing was written, so nothing can be lost.
    }
  }
}
