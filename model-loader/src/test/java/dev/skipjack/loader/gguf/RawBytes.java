package dev.skipjack.loader.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Little-endian bytes, appended in order; nothing stops them from being a lie. */
final class RawBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  RawBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  RawBytes u8(int value) {
    return number(value, 1);
  }

  RawBytes u16(int value) {
    return number(value, 2);
  }

  RawBytes u32(long value) {
    return number(value, 4);
  }

  RawBytes u64(long value) {
    return number(value, 8);
  }

  RawBytes f32(float value) {
    return u32(Float.floatToRawIntBits(value));
  }

  RawBytes f64(double value) {
    return u64(Double.doubleToRawLongBits(value));
  }

  RawBytes string(String text) {
    return string(text.getBytes(StandardCharsets.UTF_8));
  }

  RawBytes string(byte[] bytes) {
    return u64(bytes.length).raw(bytes);
  }

  RawBytes padTo(int alignment) {
    return raw(new byte[Math.floorMod(-out.size(), alignment)]);
  }

  byte[] toArray() {
    return out.toByteArray();
  }

  private RawBytes number(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> 8 * i));
    }
    return this;
  }
}
