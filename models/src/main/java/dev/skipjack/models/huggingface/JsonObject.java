package dev.skipjack.models.huggingface;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.container.SideFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object of a checkpoint with typed reads. A null value counts as absent, as it does in
 * Python; a value of another type is a {@link ModelFormatException} that names file and key. Where
 * a read takes several keys, they are spellings of one thing and the first present one counts.
 */
final class JsonObject {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String source;
  private final ObjectNode node;

  private JsonObject(String source, ObjectNode node) {
    this.source = source;
    this.node = node;
  }

  /**
   * Reads a file.
   *
   * @throws ModelFormatException if it cannot be read or is not one JSON object
   */
  static JsonObject read(Path file) {
    return parse(file.toString(), SideFiles.text(file));
  }

  /**
   * Parses a text.
   *
   * @param source where it comes from, for messages
   */
  static JsonObject parse(String source, String text) {
    try {
      return MAPPER
          .readTree(text)
          .asObjectOpt()
          .map(object -> new JsonObject(source, object))
          .orElseThrow(
              () -> new ModelFormatException(source, "file", "another value", "a JSON object"));
    } catch (JacksonException e) {
      throw new ModelFormatException(
          "%s: not valid JSON: %s".formatted(source, e.getOriginalMessage().strip()), e);
    }
  }

  /** This object, with what it lacks taken from another. */
  JsonObject or(JsonObject defaults) {
    ObjectNode merged = defaults.node.deepCopy();
    node.properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
    return new JsonObject(source, merged);
  }

  boolean has(String key) {
    return find(key).isPresent();
  }

  Optional<JsonObject> object(String key) {
    return typed(key, JsonNode::isObject, "an object")
        .map(value -> new JsonObject(source, value.asObject()));
  }

  Optional<String> string(String... keys) {
    return typed(keys, JsonNode::isString, "a string").map(JsonNode::stringValue);
  }

  String requireString(String... keys) {
    return string(keys).orElseThrow(() -> missing(keys, "a string"));
  }

  Optional<Boolean> bool(String... keys) {
    return typed(keys, JsonNode::isBoolean, "a boolean").map(JsonNode::booleanValue);
  }

  /** A number that is finite. */
  OptionalDouble number(String... keys) {
    return typed(keys, JsonObject::isFinite, "a finite number")
        .map(value -> OptionalDouble.of(value.doubleValue()))
        .orElse(OptionalDouble.empty());
  }

  double requireNumber(String... keys) {
    return number(keys).orElseThrow(() -> missing(keys, "a finite number"));
  }

  /** An integer of at least 1. */
  OptionalInt count(String... keys) {
    return typed(keys, JsonObject::isCount, "an integer of at least 1")
        .map(value -> OptionalInt.of(value.intValue()))
        .orElse(OptionalInt.empty());
  }

  int requireCount(String... keys) {
    return count(keys).orElseThrow(() -> missing(keys, "an integer of at least 1"));
  }

  /** A list of finite numbers. */
  Optional<double[]> numbers(String key) {
    return list(key, JsonObject::isFinite, "a list of finite numbers")
        .map(values -> values.mapToDouble(JsonNode::doubleValue).toArray());
  }

  Optional<List<String>> strings(String key) {
    return list(key, JsonNode::isString, "a list of strings")
        .map(values -> values.map(JsonNode::stringValue).toList());
  }

  /** One integer or a list of them; empty when absent. */
  long[] integers(String key) {
    if (find(key).filter(JsonNode::isArray).isEmpty()) {
      return typed(key, JsonNode::canConvertToLong, "an integer or a list of integers").stream()
          .mapToLong(JsonNode::longValue)
          .toArray();
    }
    return list(key, node -> node.isIntegralNumber() && node.canConvertToLong(), "integers")
        .orElseThrow()
        .mapToLong(JsonNode::longValue)
        .toArray();
  }

  /** An exception about one of this object's values. */
  ModelFormatException error(String key, String found, String expected) {
    return new ModelFormatException(source, "key " + key, found, expected);
  }

  private ModelFormatException missing(String[] keys, String expected) {
    return error(keys[0], "nothing", expected);
  }

  private Optional<JsonNode> find(String key) {
    return Optional.ofNullable(node.get(key)).filter(value -> !value.isNull());
  }

  private Optional<JsonNode> typed(String key, Predicate<JsonNode> type, String expected) {
    Optional<JsonNode> value = find(key);
    value
        .filter(type.negate())
        .ifPresent(
            other -> {
              throw error(key, abbreviate(other.toString()), expected);
            });
    return value;
  }

  private Optional<JsonNode> typed(String[] keys, Predicate<JsonNode> type, String expected) {
    return Arrays.stream(keys)
        .filter(this::has)
        .findFirst()
        .flatMap(key -> typed(key, type, expected));
  }

  private Optional<Stream<JsonNode>> list(
      String key, Predicate<JsonNode> element, String expected) {
    return typed(
            key, value -> value.isArray() && value.values().stream().allMatch(element), expected)
        .map(value -> value.values().stream());
  }

  private static boolean isFinite(JsonNode value) {
    return value.isNumber() && value.doubleValueOpt().stream().anyMatch(Double::isFinite);
  }

  private static boolean isCount(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1;
  }

  private static String abbreviate(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
