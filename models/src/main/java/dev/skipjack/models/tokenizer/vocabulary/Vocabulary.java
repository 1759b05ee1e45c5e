package dev.skipjack.models.tokenizer.vocabulary;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokens of a model: id to spelling and kind, and back. When two ids share a spelling, the
 * later one is found. Immutable and thread-safe.
 */
public final class Vocabulary {
  private final List<String> pieces;
  private final TokenKind[] kinds;
  private final Map<String, Integer> ids;
  private final int[] byteIds = new int[256];

  /**
   * @param pieces the spelling of each id
   * @param kinds the kind of each id
   * @throws IllegalArgumentException if the lists differ in length
   */
  public Vocabulary(List<String> pieces, List<TokenKind> kinds) {
    if (pieces.size() != kinds.size()) {
      throw new IllegalArgumentException(
          "%d pieces but %d kinds".formatted(pieces.size(), kinds.size()));
    }
    this.pieces = List.copyOf(pieces);
    this.kinds = kinds.toArray(TokenKind[]::new);
    this.ids = HashMap.newHashMap(pieces.size());
    Arrays.fill(byteIds, -1);
    for (int id = 0; id < this.kinds.length; id++) {
      String piece = this.pieces.get(id);
      ids.put(piece, id);
      int value = byteValue(piece);
      if (value >= 0) {
        byteIds[value] = id;
      }
    }
  }

  public int size() {
    return kinds.length;
  }

  /**
   * @throws IndexOutOfBoundsException if the id is not in the vocabulary
   */
  public String piece(int id) {
    return pieces.get(id);
  }

  /**
   * @throws IndexOutOfBoundsException if the id is not in the vocabulary
   */
  public TokenKind kind(int id) {
    return kinds[id];
  }

  public OptionalInt id(String piece) {
    Integer id = ids.get(piece);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The id of a spelling, or -1. */
  public int idOrMinusOne(String piece) {
    return ids.getOrDefault(piece, -1);
  }

  /** The id of the token {@code <0xNN>} of a byte (0 to 255), or -1. */
  public int byteId(int value) {
    return byteIds[value];
  }

  /** The byte (0 to 255) that a spelling of the form {@code <0xNN>} names, or -1. */
  public static int byteValue(String piece) {
    if (piece.length() != 6 || !piece.startsWith("<0x") || piece.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(piece.charAt(3), 16);
    int low = Character.digit(piece.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
