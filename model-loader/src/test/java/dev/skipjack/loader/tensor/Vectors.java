package dev.skipjack.loader.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Committed test vectors and shorthands to run codecs over arrays. */
final class Vectors {
  private Vectors() {}

  static byte[] bytes(String resource) {
    try (InputStream in = Vectors.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no test resource " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static float[] floats(String resource) {
    return MemorySegment.ofArray(bytes(resource)).toArray(LittleEndian.FLOAT);
  }

  static byte[] encode(TensorType type, float[] values) {
    byte[] blocks = new byte[Math.toIntExact(type.byteSize(values.length))];
    type.codec().encode(values, 0, values.length, MemorySegment.ofArray(blocks), 0);
    return blocks;
  }

  static float[] decode(TensorType type, byte[] blocks) {
    float[] values = new float[blocks.length / type.blockBytes() * type.blockLength()];
    type.codec().decode(MemorySegment.ofArray(blocks), 0, values, 0, values.length);
    return values;
  }

  static float[] roundTrip(TensorType type, float[] values) {
    return decode(type, encode(type, values));
  }

  /** Bit patterns, so that assertions tell -0 from 0; all NaNs count as one. */
  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToIntBits(values[i]);
    }
    return bits;
  }

  /** The bytes at an odd offset of a larger segment. */
  static MemorySegment shifted(byte[] bytes, int shift) {
    MemorySegment segment = MemorySegment.ofArray(new byte[bytes.length + shift]);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, shift, bytes.length);
    return segment;
  }
}
