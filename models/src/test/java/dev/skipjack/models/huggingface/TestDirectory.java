package dev.skipjack.models.huggingface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a Hugging Face directory with F32 tensors whose elements count up from a first value. */
final class TestDirectory {
  private final Path directory;
  private final List<String> entries = new ArrayList<>();
  private final List<Float> values = new ArrayList<>();

  TestDirectory(Path directory) {
    this.directory = directory;
  }

  TestDirectory file(String name, String content) {
    write(name, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  TestDirectory config(String json) {
    return file("config.json", json);
  }

  /** Adds elements {@code first, first + 1, ...} in row-major order. */
  TestDirectory tensor(String name, int first, long... shape) {
    int count = 1;
    for (long dimension : shape) {
      count *= (int) dimension;
    }
    float[] elements = new float[count];
    for (int i = 0; i < count; i++) {
      elements[i] = first + i;
    }
    return tensor(name, elements, shape);
  }

  TestDirectory tensor(String name, float[] elements, long... shape) {
    entry(name, "F32", elements.length, shape);
    for (float element : elements) {
      values.add(element);
    }
    return this;
  }

  /** Adds four bytes per element of another type. */
  TestDirectory integers(String name, long... shape) {
    entry(name, "I32", 1, shape);
    values.add(0f);
    return this;
  }

  private void entry(String name, String type, int count, long... shape) {
    int begin = 4 * values.size();
    entries.add(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
            .formatted(name, type, List.of(boxed(shape)), begin, begin + 4 * count));
  }

  private static Long[] boxed(long[] shape) {
    Long[] boxed = new Long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      boxed[i] = shape[i];
    }
    return boxed;
  }

  /** Writes the weights and opens the whole. */
  HuggingFaceDirectory open() {
    byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer content =
        ByteBuffer.allocate(8 + header.length + 4 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(header.length).put(header);
    values.forEach(content::putFloat);
    write("model.safetensors", content.array());
    return HuggingFaceDirectory.open(directory);
  }

  private void write(String name, byte[] content) {
    try {
      Files.write(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
