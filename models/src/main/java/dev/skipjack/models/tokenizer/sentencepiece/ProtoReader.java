package dev.skipjack.models.tokenizer.sentencepiece;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of one Protocol Buffers message (wire format: <a
 * href="https://protobuf.dev/programming-guides/encoding/">encoding</a>). Not thread-safe.
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;
  private static final int LONGEST_VARINT = 63;

  private final ByteBuffer buffer;
  private int wireType;

  ProtoReader(ByteBuffer message) {
    this.buffer = message.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  boolean hasNext() {
    return buffer.hasRemaining();
  }

  /** The number of the next field; its value must be read or skipped before the next call. */
  int nextField() {
    long tag = readVarint();
    wireType = (int) tag & 7;
    return (int) (tag >>> 3);
  }

  long integer() {
    require(VARINT);
    return readVarint();
  }

  float number() {
    require(FIXED_32);
    requireBytes(Float.BYTES);
    return buffer.getFloat();
  }

  String text() {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }

  ProtoReader message() {
    return new ProtoReader(bytes());
  }

  ByteBuffer bytes() {
    require(LENGTH_DELIMITED);
    long length = readVarint();
    requireBytes(length);
    ByteBuffer bytes = buffer.slice(buffer.position(), (int) length);
    buffer.position(buffer.position() + (int) length);
    return bytes;
  }

  void skip() {
    switch (wireType) {
      case VARINT -> readVarint();
      case FIXED_64 -> skipBytes(Long.BYTES);
      case LENGTH_DELIMITED -> bytes();
      case FIXED_32 -> skipBytes(Float.BYTES);
      default -> throw new IllegalArgumentException("a field of wire type " + wireType);
    }
  }

  private void skipBytes(int count) {
    requireBytes(count);
    buffer.position(buffer.position() + count);
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw new IllegalArgumentException(
          "a field of wire type %d instead of %d".formatted(wireType, expected));
    }
  }

  private void requireBytes(long count) {
    if (count < 0 || count > buffer.remaining()) {
      throw new IllegalArgumentException(
          "a field of %d bytes with %d left".formatted(count, buffer.remaining()));
    }
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift <= LONGEST_VARINT; shift += 7) {
      requireBytes(1);
      byte next = buffer.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than ten bytes");
  }
}
