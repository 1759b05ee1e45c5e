package dev.skipjack.loader.container;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an open model holds: mapped files, and memory for what is not used as it is stored. To be
 * filled by one thread.
 */
public final class ModelMemory implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final List<MappedFile> files = new ArrayList<>();

  /** Nothing yet. */
  public ModelMemory() {}

  /**
   * Maps a file that is to stay open too.
   *
   * @throws ModelFormatException if the file is missing, not a regular file, empty or unreadable
   */
  public MappedFile map(Path path) {
    MappedFile file = MappedFile.open(path, arena);
    files.add(file);
    return file;
  }

  /** For native memory that lives as long as this. */
  public Arena arena() {
    return arena;
  }

  /** Unmaps and closes everything; calling it again does nothing. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
      files.forEach(MappedFile::close);
    }
  }
}
