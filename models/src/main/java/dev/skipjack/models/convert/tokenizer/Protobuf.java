package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.container.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over the fields of one protobuf message.
 *
 * <p>Source of the wire format: the Protocol Buffers documentation, "Encoding".
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private static final int WIRE_BITS = 3;
  private static final int MAX_VARINT_BITS = 64;

  private final String source;
  private final ByteBuffer bytes;
  private int field;
  private int wireType;
  private long number;
  private ByteBuffer content = ByteBuffer.allocate(0);

  /**
   * @param source where the bytes come from, for messages
   */
  Protobuf(String source, ByteBuffer bytes) {
    this.source = source;
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Moves to the next field.
   *
   * @throws ModelFormatException if the bytes are no such message
   */
  boolean next() {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> WIRE_BITS);
    wireType = (int) tag & (1 << WIRE_BITS) - 1;
    switch (wireType) {
      case VARINT -> number = varint();
      case FIXED64 -> number = require(Long.BYTES).getLong();
      case FIXED32 -> number = require(Integer.BYTES).getInt();
      case BYTES -> {
        long length = varint();
        require(length);
        content = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
      }
      default -> throw malformed("a field of wire type " + wireType);
    }
    return true;
  }

  /** The number of the current field. */
  int field() {
    return field;
  }

  /** The current field as an integer or, for a flag, 0 or 1. */
  long integer() {
    return expect(VARINT, number);
  }

  float single() {
    return Float.intBitsToFloat(expect(FIXED32, (int) number));
  }

  String text() {
    return StandardCharsets.UTF_8.decode(expect(BYTES, content).duplicate()).toString();
  }

  Protobuf message() {
    return new Protobuf(source, expect(BYTES, content));
  }

  private <T> T expect(int expected, T value) {
    if (wireType != expected) {
      throw malformed("field %d with wire type %d".formatted(field, wireType));
    }
    return value;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < MAX_VARINT_BITS; shift += Byte.SIZE - 1) {
      byte part = require(1).get();
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw malformed("an integer of more than 64 bits");
  }

  private ByteBuffer require(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw malformed("%d bytes where %d are needed".formatted(bytes.remaining(), length));
    }
    return bytes;
  }

  private ModelFormatException malformed(String found) {
    return new ModelFormatException(source, "file", found, "a SentencePiece model");
  }
}
