package dev.skipjack.server.api;

import dev.skipjack.server.http.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a JSON object, checked as they are read. A field that is null counts as absent.
 * Every method throws {@link ApiException} naming the field if it is not what is expected.
 */
final class Fields {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LONGEST_QUOTE = 40;

  private final ObjectNode object;
  private final String prefix;

  Fields(ObjectNode body) {
    this(body, "");
  }

  private Fields(ObjectNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  /** The fields of a node that has to be an object. */
  static Fields of(JsonNode node, String path) {
    if (node instanceof ObjectNode object) {
      return new Fields(object, path + ".");
    }
    throw ApiException.invalid(path, describe(node), "an object");
  }

  /** The name of a field in messages. */
  String path(String name) {
    return prefix + name;
  }

  Optional<JsonNode> find(String name) {
    return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
  }

  JsonNode require(String name, String expected) {
    return find(name).orElseThrow(() -> ApiException.invalid(path(name), "nothing", expected));
  }

  Optional<String> string(String name) {
    return find(name).map(node -> string(node, path(name)));
  }

  boolean flag(String name, boolean absent) {
    return find(name)
        .map(
            node -> {
              require(node.isBoolean(), name, node, "true or false");
              return node.booleanValue();
            })
        .orElse(absent);
  }

  int integer(String name, int absent, int least) {
    return find(name).map(node -> integer(node, path(name), least)).orElse(absent);
  }

  Optional<Long> whole(String name) {
    return find(name)
        .map(
            node -> {
              require(
                  node.isIntegralNumber() && node.canConvertToLong(),
                  name,
                  node,
                  "a whole number of at most 64 bits");
              return node.longValue();
            });
  }

  float number(String name, float absent, DoublePredicate range, String expected) {
    return find(name)
        .map(
            node -> {
              // As a float, since that is what the range is for: a tiny double may round to 0.
              float value = node.isNumber() ? (float) node.doubleValue() : Float.NaN;
              require(range.test(value), name, node, "a number " + expected);
              return value;
            })
        .orElse(absent);
  }

  Optional<Fields> object(String name) {
    return find(name).map(node -> of(node, path(name)));
  }

  /** The object as maps, lists, strings, numbers, booleans and nulls. */
  Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            entry -> plain.put(entry.getKey(), JSON.treeToValue(entry.getValue(), Object.class)));
    return plain;
  }

  /** The items of an array; none if it is absent. */
  List<JsonNode> items(String name) {
    return find(name)
        .map(
            node -> {
              require(node.isArray(), name, node, "an array");
              return List.copyOf(node.values());
            })
        .orElse(List.of());
  }

  /** Token ids of an array. */
  static int[] tokens(JsonNode array, String path, int vocabularySize) {
    if (!array.isArray()) {
      throw ApiException.invalid(path, describe(array), "an array of token ids");
    }
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode item = array.get(i);
      boolean known = item.isIntegralNumber() && item.canConvertToInt();
      if (!known || item.intValue() < 0 || item.intValue() >= vocabularySize) {
        throw ApiException.invalid(
            "%s[%d]".formatted(path, i),
            describe(item),
            "a token id from 0 to %d".formatted(vocabularySize - 1));
      }
      ids[i] = item.intValue();
    }
    return ids;
  }

  /** One string or an array of them; none if it is absent. */
  List<String> strings(String name) {
    Optional<JsonNode> node = find(name);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get().isString()) {
      return List.of(node.get().stringValue());
    }
    require(node.get().isArray(), name, node.get(), "a string or an array of strings");
    List<String> strings = new ArrayList<>();
    for (JsonNode item : node.get()) {
      strings.add(string(item, "%s[%d]".formatted(path(name), strings.size())));
    }
    return strings;
  }

  static String string(JsonNode node, String path) {
    if (!node.isString()) {
      throw ApiException.invalid(path, describe(node), "a string");
    }
    return node.stringValue();
  }

  private static int integer(JsonNode node, String path, int least) {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least) {
      throw ApiException.invalid(
          path, describe(node), "a whole number from %d to %d".formatted(least, Integer.MAX_VALUE));
    }
    return node.intValue();
  }

  private void require(boolean holds, String name, JsonNode found, String expected) {
    if (!holds) {
      throw ApiException.invalid(path(name), describe(found), expected);
    }
  }

  /** What was found, short enough for a message. */
  static String describe(JsonNode node) {
    if (node.isObject()) {
      return "an object";
    }
    if (node.isArray()) {
      return "an array";
    }
    String text = node.toString();
    return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
  }
}
