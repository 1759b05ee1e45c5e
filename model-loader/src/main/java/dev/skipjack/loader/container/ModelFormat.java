package dev.skipjack.loader.container;

import java.nio.file.Path;

/** A kind of container that can be told from the others by a look and then opened. Stateless. */
public interface ModelFormat {
  /** For messages, for example {@code GGUF}. */
  String name();

  /**
   * Whether this format should open the path.
   *
   * @param head the first 8 bytes of a file, fewer of a shorter one, none of a directory
   */
  boolean recognises(Path path, byte[] head);

  /**
   * @throws ModelFormatException if the container cannot be read or breaks a rule of its format
   */
  ModelFile open(Path path);
}
