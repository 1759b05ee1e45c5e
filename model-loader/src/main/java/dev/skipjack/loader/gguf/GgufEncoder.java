package dev.skipjack.loader.gguf;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Appends the primitives of a GGUF header to a byte array. */
final class GgufEncoder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  byte[] toByteArray() {
    return out.toByteArray();
  }

  void raw(byte[] bytes) {
    out.writeBytes(bytes);
  }

  void i32(int value) {
    little(value, Integer.BYTES);
  }

  void i64(long value) {
    little(value, Long.BYTES);
  }

  void string(String text) {
    byte[] bytes = utf8(text);
    i64(bytes.length);
    raw(bytes);
  }

  /** A value with its type in front. */
  void value(GgufValue value) {
    if (!value.array()) {
      i32(value.type().id());
      element(value.type(), value.value());
      return;
    }
    i32(GgufType.ARRAY_ID);
    i32(value.type().id());
    int length = Array.getLength(value.value());
    i64(length);
    for (int i = 0; i < length; i++) {
      element(value.type(), Array.get(value.value(), i));
    }
  }

  private void element(GgufType type, Object element) {
    switch (element) {
      case String text -> string(text);
      case Boolean bool -> out.write(bool ? 1 : 0);
      case Double number when type == GgufType.F32 ->
          i32(Float.floatToRawIntBits((float) (double) number));
      case Double number -> i64(Double.doubleToRawLongBits(number));
      case Long number -> little(number, type.minimumBytes());
      default -> throw new IllegalArgumentException("not a GGUF value: " + element);
    }
  }

  private void little(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> Byte.SIZE * i));
    }
  }

  /**
   * @throws IllegalArgumentException if the text has half a surrogate pair
   */
  static byte[] utf8(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not valid Unicode: \"" + text + "\"", e);
    }
  }
}
