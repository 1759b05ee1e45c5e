package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.container.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON files of a tokenizer. */
final class JsonFile {
  /** Several times the largest published vocabulary. */
  private static final long MAX_BYTES = 256L << 20;

  private JsonFile() {}

  /**
   * The object in a file, an empty one if there is no such file.
   *
   * @throws ModelFormatException if it cannot be read or is no JSON object
   */
  static JsonNode read(Path file) {
    JsonMapper mapper = new JsonMapper();
    if (Files.notExists(file)) {
      return mapper.createObjectNode();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelFormatException(
            file.toString(), "file", Files.size(file) + " bytes", "at most " + MAX_BYTES);
      }
      JsonNode content = mapper.readTree(Files.readAllBytes(file));
      if (!content.isObject()) {
        throw new ModelFormatException(file.toString(), "file", "another value", "a JSON object");
      }
      return content;
    } catch (JacksonException e) {
      throw new ModelFormatException(
          "%s: not valid JSON: %s".formatted(file, e.getOriginalMessage().strip()), e);
    } catch (IOException e) {
      throw ModelFormatException.unreadable(file, e);
    }
  }

  /** A string value, or the empty string. */
  static String text(JsonNode node) {
    return node.isString() ? node.stringValue() : "";
  }
}
