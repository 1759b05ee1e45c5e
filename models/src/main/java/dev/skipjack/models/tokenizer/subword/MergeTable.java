package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.primitive.LongMap;
import java.util.BitSet;

/**
 * Which two neighbouring symbols join into which third, and which joins come first. Symbols are
 * token ids, or {@link #letter letters} that are no token. Read-only after it is built.
 */
final class MergeTable {
  private final LongMap joins = new LongMap();
  private final BitSet provisional = new BitSet();

  /** A code point that is no token by itself, as a symbol. */
  static int letter(int codePoint) {
    return ~codePoint;
  }

  static boolean isLetter(int symbol) {
    return symbol < 0;
  }

  /** The code point of a letter symbol. */
  static int codePoint(int letter) {
    return ~letter;
  }

  /**
   * @param rank joins of a lower rank happen first; not negative
   * @param joined the token that replaces the pair
   */
  void add(int left, int right, int rank, int joined) {
    joins.putIfAbsent(LongMap.pair(left, right), LongMap.pair(rank, joined));
  }

  /** Declares a token that may be a step to a longer one but must not remain in the result. */
  void markProvisional(int token) {
    provisional.set(token);
  }

  boolean isProvisional(int token) {
    return token >= 0 && provisional.get(token);
  }

  /** The join of a pair, for {@link #rank} and {@link #joined}, or {@link LongMap#ABSENT}. */
  long find(int left, int right) {
    return joins.get(LongMap.pair(left, right));
  }

  static int rank(long join) {
    return (int) (join >>> 32);
  }

  static int joined(long join) {
    return (int) join;
  }
}
