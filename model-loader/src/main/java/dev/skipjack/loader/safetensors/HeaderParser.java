package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.container.ModelFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The JSON of a header: {@code name -> {dtype, shape, data_offsets}} and {@code __metadata__}.
 * Checks types and presence; what the numbers mean together is {@link SafetensorsHeader}'s part.
 */
final class HeaderParser {
  private static final Map<String, SafetensorsType> TYPES =
      Arrays.stream(SafetensorsType.values())
          .collect(Collectors.toUnmodifiableMap(Enum::name, type -> type));

  private final String source;
  private final JsonParser parser;

  /** The parsed table, in header order. */
  record Table(Map<String, String> metadata, List<SafetensorsEntry> entries) {}

  HeaderParser(String source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /** Reads from the opening brace to the closing one. */
  Table parse() {
    Map<String, String> metadata = new LinkedHashMap<>();
    List<SafetensorsEntry> entries = new ArrayList<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("__metadata__")) {
        readMetadata(metadata);
      } else {
        entries.add(readEntry(name));
      }
    }
    return new Table(metadata, entries);
  }

  private void readMetadata(Map<String, String> metadata) {
    require(parser.currentToken() == JsonToken.START_OBJECT, "an object in __metadata__");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      require(parser.nextToken() == JsonToken.VALUE_STRING, "a string in __metadata__");
      metadata.put(key, parser.getString());
    }
  }

  private SafetensorsEntry readEntry(String name) {
    require(parser.currentToken() == JsonToken.START_OBJECT, "an object that describes a tensor");
    Optional<SafetensorsType> type = Optional.empty();
    Optional<List<Long>> shape = Optional.empty();
    Optional<List<Long>> offsets = Optional.empty();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "dtype" -> type = Optional.of(readType(name));
        case "shape" -> shape = Optional.of(readNaturals(name));
        case "data_offsets" -> offsets = Optional.of(readNaturals(name));
        default -> parser.skipChildren();
      }
    }
    List<Long> range = present(name, "data_offsets", offsets);
    if (range.size() != 2) {
      throw error(name, range.size() + " data_offsets", "2: begin and end");
    }
    return new SafetensorsEntry(
        name,
        present(name, "dtype", type),
        present(name, "shape", shape),
        range.get(0),
        range.get(1));
  }

  private SafetensorsType readType(String name) {
    require(parser.currentToken() == JsonToken.VALUE_STRING, "a dtype string");
    SafetensorsType type = TYPES.get(parser.getString());
    if (type == null) {
      throw error(
          name,
          "dtype " + parser.getString(),
          "one of " + Arrays.toString(SafetensorsType.values()));
    }
    return type;
  }

  private List<Long> readNaturals(String name) {
    require(parser.currentToken() == JsonToken.START_ARRAY, "an array of integers");
    List<Long> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, "an integer");
      long value = parser.getLongValue();
      if (value < 0) {
        throw error(name, "" + value, "a number that is not negative");
      }
      values.add(value);
    }
    return values;
  }

  private <T> T present(String name, String field, Optional<T> value) {
    return value.orElseThrow(() -> error(name, "no " + field, "dtype, shape and data_offsets"));
  }

  private void require(boolean valid, String expected) {
    StrictJson.require(source, parser, valid, expected);
  }

  private ModelFormatException error(String tensor, String found, String expected) {
    return new ModelFormatException(source, "tensor " + tensor, found, expected);
  }
}
