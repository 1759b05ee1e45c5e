package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.gguf.GgufValue;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Which tokens are special, by {@code tokenizer_config.json} and {@code tokenizer.json}. */
final class SpecialTokenKeys {
  private static final List<String> ROLES = List.of("bos", "eos", "unk", "pad", "sep", "mask");

  /** GGUF spells two roles its own way. */
  private static final Map<String, String> SPELLINGS =
      Map.of("unk", "unknown", "sep", "seperator", "pad", "padding");

  private SpecialTokenKeys() {}

  /** Marks added tokens in the table. */
  static void mark(JsonNode tokenizer, JsonNode config, JsonNode added, PieceTable pieces)
      throws UnconvertibleTokenizerException {
    for (Map.Entry<String, JsonNode> token : added.properties()) {
      pieces.add(token.getValue().asLong(-1), token.getKey(), false);
    }
    for (JsonNode token : tokenizer.path("added_tokens")) {
      add(token.path("id").asLong(-1), token, pieces);
    }
    for (Map.Entry<String, JsonNode> token : config.path("added_tokens_decoder").properties()) {
      add(id(token.getKey()), token.getValue(), pieces);
    }
  }

  private static long id(String key) throws UnconvertibleTokenizerException {
    try {
      return Long.parseLong(key);
    } catch (NumberFormatException e) {
      throw new UnconvertibleTokenizerException(
          "its added_tokens_decoder has the id '%s'".formatted(key));
    }
  }

  private static void add(long id, JsonNode token, PieceTable pieces)
      throws UnconvertibleTokenizerException {
    pieces.add(id, JsonFile.text(token.path("content")), token.path("special").asBoolean(false));
  }

  /** Writes ids and flags; what nothing is said about stays with the model's configuration. */
  static void write(
      JsonNode tokenizer, JsonNode config, PieceTable pieces, Map<String, GgufValue> keys) {
    for (String role : ROLES) {
      pieces
          .id(content(config.path(role + "_token")))
          .ifPresent(
              id ->
                  keys.put(
                      "tokenizer.ggml." + SPELLINGS.getOrDefault(role, role) + "_token_id",
                      GgufValue.u32(id)));
    }
    JsonNode template = template(tokenizer.path("post_processor"));
    flag(config, "bos", template, 0, keys);
    flag(config, "eos", template, template.size() - 1, keys);
  }

  /** The explicit flag, or whether the template has a special token at that place. */
  private static void flag(
      JsonNode config, String role, JsonNode template, int place, Map<String, GgufValue> keys) {
    String name = "add_" + role + "_token";
    if (config.path(name).isBoolean() || template.isArray()) {
      boolean implied = template.path(place).has("SpecialToken");
      keys.put("tokenizer.ggml." + name, GgufValue.bool(config.path(name).asBoolean(implied)));
    }
  }

  /** What surrounds a single text. */
  private static JsonNode template(JsonNode postProcessor) {
    return Stream.concat(Stream.of(postProcessor), postProcessor.path("processors").valueStream())
        .map(processor -> processor.path("single"))
        .filter(JsonNode::isArray)
        .findFirst()
        .orElse(postProcessor.path("single"));
  }

  /** A token is its text, or an object with it. */
  private static String content(JsonNode token) {
    return JsonFile.text(token.isObject() ? token.path("content") : token);
  }
}
