package dev.skipjack.models.tokenizer.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 that arrives in arbitrary parts. The bytes of an unfinished character wait for the
 * next part; bytes that can no longer become a character are U+FFFD, one per maximal invalid
 * sequence as the Unicode standard recommends. Not thread-safe.
 */
public final class Utf8Stream {
  private static final byte[] NOTHING = {};

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  private byte[] waiting = NOTHING;

  /** The text that these bytes complete. */
  public String append(byte[] bytes) {
    return decode(bytes, false);
  }

  /** What is left of an unfinished character. */
  public String finish() {
    return decode(NOTHING, true);
  }

  private String decode(byte[] bytes, boolean last) {
    ByteBuffer input = ByteBuffer.allocate(waiting.length + bytes.length).put(waiting).put(bytes);
    input.flip();
    // Every byte gives at most one char.
    CharBuffer output = CharBuffer.allocate(input.remaining() + 1);
    decoder.reset();
    decoder.decode(input, output, last);
    waiting = new byte[input.remaining()];
    input.get(waiting);
    return output.flip().toString();
  }
}
