package dev.skipjack.loader.safetensors;

import java.util.List;

/**
 * One tensor of a header.
 *
 * @param shape row-major, outermost dimension first; empty for a scalar
 * @param begin first byte, relative to the byte buffer behind the header
 * @param end one past the last byte
 */
public record SafetensorsEntry(
    String name, SafetensorsType type, List<Long> shape, long begin, long end) {
  public SafetensorsEntry {
    shape = List.copyOf(shape);
  }

  long byteSize() {
    return end - begin;
  }

  /** Where an error is, for messages. */
  String where() {
    return "tensor " + name;
  }
}
