package dev.skipjack.models.tokenizer;

import dev.skipjack.loader.container.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Joins pieces and byte tokens to UTF-8 text, holding back incomplete characters. */
final class Utf8TextDecoder implements TextDecoder {
  private final Vocabulary vocabulary;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private ByteBuffer held = ByteBuffer.allocate(64);
  private boolean dropSpace;

  /**
   * @param dropFirstSpace whether the first text token loses the space that encoding put before it
   */
  Utf8TextDecoder(Vocabulary vocabulary, boolean dropFirstSpace) {
    this.vocabulary = vocabulary;
    this.dropSpace = dropFirstSpace;
  }

  /** The byte that a token spelled {@code <0xNN>} stands for. */
  static int byteValue(String piece) {
    if (!piece.matches("<0x[0-9A-Fa-f]{2}>")) {
      throw new ModelFormatException(
          "tokenizer.ggml.tokens: byte token found as \"%s\", expected <0x00> to <0xFF>"
              .formatted(piece));
    }
    return Integer.parseInt(piece, 3, 5, 16);
  }

  @Override
  public String append(int id) {
    String piece = vocabulary.piece(id);
    byte[] bytes =
        switch (vocabulary.kind(id)) {
          case CONTROL, UNKNOWN, UNUSED -> new byte[0];
          case BYTE -> new byte[] {(byte) byteValue(piece)};
          default -> piece.replace('▁', ' ').getBytes(StandardCharsets.UTF_8);
        };
    int from = dropSpace && bytes.length > 0 && bytes[0] == ' ' ? 1 : 0;
    dropSpace &= bytes.length == 0;
    return decode(bytes, from, false);
  }

  @Override
  public String finish() {
    return decode(new byte[0], 0, true);
  }

  private String decode(byte[] bytes, int from, boolean end) {
    if (held.remaining() < bytes.length) {
      held = ByteBuffer.allocate(2 * (held.position() + bytes.length)).put(held.flip());
    }
    held.put(bytes, from, bytes.length - from).flip();
    CharBuffer text = CharBuffer.allocate(held.remaining() + 1);
    utf8.decode(held, text, end);
    if (end) {
      utf8.flush(text);
      utf8.reset();
    }
    held.compact();
    return text.flip().toString();
  }
}
