package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.container.SideFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON file of a tokenizer directory.
 *
 * @param path for messages
 * @param root its content; a missing file is an empty object
 */
record TokenizerFile(Path path, JsonNode root) {
  private static final int MOST_STAGES = 100;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /**
   * @throws ModelFormatException if the file is there but cannot be read
   */
  static TokenizerFile read(Path path) {
    if (!Files.exists(path)) {
      return new TokenizerFile(path, MAPPER.createObjectNode());
    }
    try {
      return new TokenizerFile(path, MAPPER.readTree(SideFiles.text(path)));
    } catch (JacksonException e) {
      throw new ModelFormatException(path + ": " + e.getOriginalMessage(), e);
    }
  }

  ModelFormatException failure(String where, String found, String expected) {
    return new ModelFormatException(path.toString(), where, found, expected);
  }

  /** A kind of stage that is not supported. */
  ModelFormatException unsupported(String where, JsonNode stage) {
    return failure(
        where,
        "type \"" + stage.path("type").asString("") + "\"",
        "a supported " + where + " type");
  }

  /**
   * The stages of a sequence. They call each other, so there is a limit to their number, far above
   * that of any real tokenizer.
   */
  List<JsonNode> stages(String where, JsonNode sequence) {
    if (sequence.size() > MOST_STAGES) {
      throw failure(where, sequence.size() + " stages", "at most " + MOST_STAGES);
    }
    return List.copyOf(sequence.values());
  }

  /** The text of a field, when it is there and a string. */
  static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
  }

  /** A token that is a string or an object with the spelling in {@code content}. */
  static Optional<String> token(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isObject() ? text(value, "content") : text(node, field);
  }
}
