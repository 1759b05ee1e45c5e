package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * How characters outside the vocabulary are spelled: by the byte tokens of their UTF-8, and where
 * those do not exist by the unknown token, or not at all when there is none.
 */
public final class ByteFallback {
  private final Vocabulary vocabulary;
  private final boolean bytes;
  private final int unknown;
  private final boolean fuseUnknown;

  /**
   * @param bytes whether byte tokens are used
   * @param unknown the token for what cannot be spelled
   * @param fuseUnknown whether neighbouring unknown characters share one token
   */
  public ByteFallback(
      Vocabulary vocabulary, boolean bytes, OptionalInt unknown, boolean fuseUnknown) {
    this.vocabulary = vocabulary;
    this.bytes = bytes;
    this.unknown = unknown.orElse(-1);
    this.fuseUnknown = fuseUnknown;
  }

  /** Appends a merged symbol, which is a token or a letter without one. */
  void emit(int symbol, IntList ids) {
    if (MergeTable.isLetter(symbol)) {
      emitCharacter(MergeTable.codePoint(symbol), ids);
    } else {
      ids.add(symbol);
    }
  }

  /** Appends the spelling of a character that is no token. */
  void emitCharacter(int codePoint, IntList ids) {
    byte[] utf8 = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
    if (bytes && allSpelled(utf8)) {
      for (byte value : utf8) {
        ids.add(vocabulary.byteId(value & 0xFF));
      }
    } else if (unknown >= 0 && !(fuseUnknown && endsUnknown(ids))) {
      ids.add(unknown);
    }
  }

  private boolean allSpelled(byte[] utf8) {
    for (byte value : utf8) {
      if (vocabulary.byteId(value & 0xFF) < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean endsUnknown(IntList ids) {
    return ids.size() > 0 && ids.get(ids.size() - 1) == unknown;
  }
}
