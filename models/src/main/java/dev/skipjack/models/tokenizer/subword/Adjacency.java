package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.primitive.LongMap;

/**
 * Which characters are side by side in some token. Where two meet that never are, no token and so
 * no join can reach across: a text may be cut there without changing its tokens, which keeps the
 * work on a long text local.
 */
final class Adjacency {
  private final LongMap pairs = new LongMap();

  /** Receives the parts of a text. */
  @FunctionalInterface
  interface Part {
    void accept(int from, int to);
  }

  void add(String token) {
    int previous = -1;
    int codePoint;
    for (int i = 0; i < token.length(); i += Character.charCount(codePoint)) {
      codePoint = token.codePointAt(i);
      if (previous >= 0) {
        pairs.putIfAbsent(LongMap.pair(previous, codePoint), 1);
      }
      previous = codePoint;
    }
  }

  /** Cuts a text wherever no token reaches across. */
  void cut(String text, Part parts) {
    int start = 0;
    int previous = -1;
    int codePoint;
    for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (previous >= 0 && !pairs.contains(LongMap.pair(previous, codePoint))) {
        parts.accept(start, i);
        start = i;
      }
      previous = codePoint;
    }
    if (start < text.length()) {
      parts.accept(start, text.length());
    }
  }
}
