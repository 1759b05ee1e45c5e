package dev.skipjack.loader;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormat;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Opens a model of any container. */
public final class ModelFiles {
  private static final int HEAD_BYTES = 8;

  /** In the order they are asked. */
  private static final List<ModelFormat> FORMATS = List.of(new GgufFormat());

  private ModelFiles() {}

  /**
   * Opens a model file or directory.
   *
   * @throws ModelFormatException if the path does not exist, is of no known format, or breaks a
   *     rule of its format
   */
  public static ModelFile open(Path path) {
    if (Files.notExists(path)) {
      throw new ModelFormatException(path + ": no such file or directory");
    }
    if (!Files.exists(path)) {
      throw ModelFormatException.unreachable(path);
    }
    byte[] head = head(path);
    for (ModelFormat format : FORMATS) {
      if (format.recognises(path, head)) {
        return format.open(path);
      }
    }
    throw new ModelFormatException(path.toString(), "container", describe(path, head), expected());
  }

  private static byte[] head(Path path) {
    if (!Files.isRegularFile(path)) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(HEAD_BYTES);
    } catch (IOException e) {
      throw ModelFormatException.unreadable(path, e);
    }
  }

  private static String describe(Path path, byte[] head) {
    if (Files.isDirectory(path)) {
      return Files.exists(path.resolve("config.json"))
          ? "a safetensors model directory"
          : "a directory without config.json";
    }
    if (path.toString().endsWith(".safetensors")) {
      return "a safetensors file";
    }
    if (!Files.isRegularFile(path)) {
      return "a pipe or device";
    }
    return head.length == 0
        ? "an empty file"
        : "a file that begins with the bytes " + HexFormat.ofDelimiter(" ").formatHex(head);
  }

  private static String expected() {
    return FORMATS.stream().map(ModelFormat::name).collect(Collectors.joining(" or "));
  }
}
