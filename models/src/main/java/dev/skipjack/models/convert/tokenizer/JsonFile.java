package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.container.SideFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON files of a tokenizer. */
final class JsonFile {
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
      JsonNode content = mapper.readTree(SideFiles.text(file));
      if (!content.isObject()) {
        throw new ModelFormatException(file.toString(), "file", "another value", "a JSON object");
      }
      return content;
    } catch (JacksonException e) {
      throw new ModelFormatException(
          "%s: not valid JSON: %s".formatted(file, e.getOriginalMessage().strip()), e);
    }
  }

  /** A string value, or the empty string. */
  static String text(JsonNode node) {
    return node.isString() ? node.stringValue() : "";
  }
}
