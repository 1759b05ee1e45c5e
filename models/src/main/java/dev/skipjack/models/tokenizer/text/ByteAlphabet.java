package dev.skipjack.models.tokenizer.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The printable characters that byte-level vocabularies write bytes with, as GPT-2 chose them:
 * bytes that print stand for themselves, the other 68 in ascending order for U+0100 onwards.
 */
public final class ByteAlphabet {
  private static final int FIRST_SUBSTITUTE = 256;
  private static final int SUBSTITUTES = 68;
  private static final char[] LETTERS = new char[256];
  private static final short[] BYTES = new short[FIRST_SUBSTITUTE + SUBSTITUTES];

  static {
    char substitute = FIRST_SUBSTITUTE;
    Arrays.fill(BYTES, (short) -1);
    for (int value = 0; value < LETTERS.length; value++) {
      LETTERS[value] = prints(value) ? (char) value : substitute++;
      BYTES[LETTERS[value]] = (short) value;
    }
  }

  private ByteAlphabet() {}

  /** The letter of a byte (0 to 255). */
  public static char letter(int value) {
    return LETTERS[value];
  }

  /** The spelling of bytes. */
  public static String spell(byte[] bytes) {
    char[] letters = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      letters[i] = LETTERS[bytes[i] & 0xFF];
    }
    return new String(letters);
  }

  /** The bytes of a spelling; one with foreign characters is plain text and gives its UTF-8. */
  public static byte[] bytes(String spelling) {
    byte[] bytes = new byte[spelling.length()];
    for (int i = 0; i < bytes.length; i++) {
      char letter = spelling.charAt(i);
      if (letter >= BYTES.length || BYTES[letter] < 0) {
        return spelling.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) BYTES[letter];
    }
    return bytes;
  }

  private static boolean prints(int value) {
    return value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE;
  }
}
