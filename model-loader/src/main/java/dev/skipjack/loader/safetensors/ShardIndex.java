package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.container.ModelFormatException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * {@code model.safetensors.index.json}: which shard holds which tensor.
 *
 * @param shardOf tensor name to file name, in index order
 */
record ShardIndex(Map<String, String> shardOf) {
  private static final String SUFFIX = ".safetensors";

  /**
   * Reads an index.
   *
   * @throws ModelFormatException if it cannot be read, is not one, or names a file outside its own
   *     directory
   */
  static ShardIndex read(Path path) {
    String source = path.toString();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment file = MappedFiles.map(path, arena);
      if (file.byteSize() > SafetensorsHeader.MAX_BYTES) {
        throw new ModelFormatException(
            source, "file", file.byteSize() + " bytes", "at most " + SafetensorsHeader.MAX_BYTES);
      }
      return StrictJson.parseObject(
          source, file.asByteBuffer(), 0, parser -> new ShardIndex(readIndex(source, parser)));
    } catch (InternalError e) {
      throw MappedFiles.explain(source, e);
    }
  }

  private static Map<String, String> readIndex(String source, JsonParser parser) {
    Map<String, String> shardOf = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      if (field.equals("weight_map")) {
        readWeightMap(source, parser, shardOf);
      } else {
        parser.skipChildren();
      }
    }
    if (shardOf.isEmpty()) {
      throw new ModelFormatException(source, "weight_map", "no tensors", "at least one");
    }
    return shardOf;
  }

  private static void readWeightMap(String source, JsonParser parser, Map<String, String> shardOf) {
    StrictJson.require(
        source, parser, parser.currentToken() == JsonToken.START_OBJECT, "a weight_map object");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String tensor = parser.currentName();
      StrictJson.require(
          source, parser, parser.nextToken() == JsonToken.VALUE_STRING, "the name of a file");
      String file = parser.getString();
      if (!isSibling(file)) {
        throw new ModelFormatException(
            source,
            "weight_map " + tensor,
            "the file name \"" + file + "\"",
            "a %s file beside the index".formatted(SUFFIX));
      }
      shardOf.put(tensor, file);
    }
  }

  /** Whether a name can only mean a file in the index's own directory, on any platform. */
  private static boolean isSibling(String file) {
    return file.endsWith(SUFFIX)
        && file.length() > SUFFIX.length()
        && !file.contains("..")
        && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
  }
}
