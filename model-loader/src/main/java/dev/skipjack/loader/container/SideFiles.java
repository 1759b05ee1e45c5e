package dev.skipjack.loader.container;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small files beside the weights: configuration, tokenizer, chat templates. */
public final class SideFiles {
  /** Several times the largest published vocabulary. */
  private static final long MAX_BYTES = 256L << 20;

  private SideFiles() {}

  /**
   * The bytes of a file. A pipe or device, which may never end, is not opened.
   *
   * @throws ModelFormatException if it is missing, no regular file, unreadable, or larger than any
   *     file of its kind
   */
  public static byte[] bytes(Path file) {
    MappedFiles.requireRegular(file);
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ModelFormatException(
            file.toString(), "file", size + " bytes", "at most " + MAX_BYTES);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw ModelFormatException.unreadable(file, e);
    }
  }

  /**
   * The text of a UTF-8 file.
   *
   * @throws ModelFormatException as {@link #bytes}, and if it is not UTF-8
   */
  public static String text(Path file) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(file));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(
          "%s: byte %d: found no character, expected UTF-8 text".formatted(file, bytes.position()),
          e);
    }
  }
}
