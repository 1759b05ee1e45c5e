package dev.skipjack.cli;

import java.io.Writer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** One JSON object, field by field. Numbers that JSON cannot spell (NaN, infinity) are null. */
final class Json {
  private final JsonGenerator generator;

  private Json(JsonGenerator generator) {
    this.generator = generator;
  }

  /** Writes one object; the writer stays open. */
  static void write(Writer out, Consumer<Json> content) {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      generator.writeStartObject();
      content.accept(new Json(generator));
      generator.writeEndObject();
    }
  }

  Json field(String name, String value) {
    generator.writeStringProperty(name, value);
    return this;
  }

  Json field(String name, long value) {
    generator.writeNumberProperty(name, value);
    return this;
  }

  Json field(String name, boolean value) {
    generator.writeBooleanProperty(name, value);
    return this;
  }

  Json field(String name, double value) {
    if (Double.isFinite(value)) {
      generator.writeNumberProperty(name, value);
    } else {
      generator.writeNullProperty(name);
    }
    return this;
  }

  /** A float with the digits of a float. */
  Json field(String name, float value) {
    if (Float.isFinite(value)) {
      generator.writeNumberProperty(name, value);
    } else {
      generator.writeNullProperty(name);
    }
    return this;
  }

  /** An id, or null without one. */
  Json field(String name, OptionalInt value) {
    if (value.isPresent()) {
      return field(name, value.getAsInt());
    }
    generator.writeNullProperty(name);
    return this;
  }

  /** A number, or null without one. */
  Json field(String name, OptionalLong value) {
    if (value.isPresent()) {
      return field(name, value.getAsLong());
    }
    generator.writeNullProperty(name);
    return this;
  }

  Json array(String name, int... values) {
    generator.writeName(name);
    generator.writeArray(values, 0, values.length);
    return this;
  }

  Json array(String name, long... values) {
    generator.writeName(name);
    generator.writeArray(values, 0, values.length);
    return this;
  }

  Json numbers(String name, Iterable<Double> values) {
    generator.writeArrayPropertyStart(name);
    values.forEach(generator::writeNumber);
    generator.writeEndArray();
    return this;
  }

  Json strings(String name, Iterable<String> values) {
    generator.writeArrayPropertyStart(name);
    values.forEach(generator::writeString);
    generator.writeEndArray();
    return this;
  }

  Json object(String name, Consumer<Json> content) {
    generator.writeObjectPropertyStart(name);
    content.accept(this);
    generator.writeEndObject();
    return this;
  }

  /** An object made from a value, or null without one. */
  <T> Json object(String name, Optional<T> value, BiConsumer<Json, T> content) {
    if (value.isEmpty()) {
      generator.writeNullProperty(name);
      return this;
    }
    return object(name, json -> content.accept(json, value.get()));
  }

  /** An array with one object per item. */
  <T> Json objects(String name, Iterable<T> items, BiConsumer<Json, T> content) {
    generator.writeArrayPropertyStart(name);
    for (T item : items) {
      generator.writeStartObject();
      content.accept(this, item);
      generator.writeEndObject();
    }
    generator.writeEndArray();
    return this;
  }
}
