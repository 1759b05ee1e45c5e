package dev.skipjack.models.tokenizer.normalize;

import dev.skipjack.models.tokenizer.pipeline.Normalizer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * SentencePiece's precompiled character map: the longest known sequence of bytes at each place is
 * replaced. Layout, little-endian: u32 size of the trie in bytes; the trie as u32 units of a darts
 * double array; replacements, each ended by a zero byte. Immutable and thread-safe.
 */
public final class CharsMap implements Normalizer {
  private final int[] units;
  private final byte[] replacements;

  private CharsMap(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /**
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public static Normalizer parse(byte[] blob) {
    if (blob.length == 0) {
      return Normalizer.NONE;
    }
    ByteBuffer buffer = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    long size = blob.length < 4 ? -1 : Integer.toUnsignedLong(buffer.getInt());
    if (size < 4 || size % 4 != 0 || size > buffer.remaining()) {
      throw new IllegalArgumentException(
          "a trie of %d bytes in a map of %d".formatted(size, blob.length));
    }
    IntBuffer trie = buffer.slice(4, (int) size).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    int[] units = new int[trie.remaining()];
    trie.get(units);
    return new CharsMap(units, Arrays.copyOfRange(blob, 4 + (int) size, blob.length));
  }

  @Override
  public String normalize(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream result = new ByteArrayOutputStream(bytes.length);
    int from = 0;
    while (from < bytes.length) {
      long match = longest(bytes, from);
      int length = (int) (match >>> 32);
      if (length > 0) {
        writeReplacement((int) match, result);
        from += length;
      } else {
        int end = from + characterLength(bytes[from]);
        result.write(bytes, from, Math.min(end, bytes.length) - from);
        from = end;
      }
    }
    return result.toString(StandardCharsets.UTF_8);
  }

  /** Length and value of the longest known sequence, as two ints; 0 when there is none. */
  private long longest(byte[] bytes, int from) {
    long best = 0;
    int node = offset(units[0]);
    for (int i = from; i < bytes.length; i++) {
      int label = bytes[i] & 0xFF;
      node ^= label;
      if (node >= units.length || label == 0) {
        break;
      }
      int unit = units[node];
      // A leaf's label has its top bit set, so it never equals a byte.
      if ((unit & 0x800000FF) != label) {
        break;
      }
      node ^= offset(unit);
      if (node >= units.length) {
        break;
      }
      if ((unit >>> 8 & 1) == 1) {
        best = (long) (i - from + 1) << 32 | units[node] & 0x7FFFFFFFL;
      }
    }
    return best;
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  private void writeReplacement(int start, ByteArrayOutputStream result) {
    for (int i = start; i < replacements.length && replacements[i] != 0; i++) {
      result.write(replacements[i]);
    }
  }

  private static int characterLength(byte first) {
    int bits = first & 0xFF;
    return bits < 0x80 ? 1 : bits < 0xE0 ? 2 : bits < 0xF0 ? 3 : 4;
  }
}
