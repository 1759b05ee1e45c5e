package dev.skipjack.models.tokenizer.text;

/** SentencePiece's visible space, U+2581. */
public final class SpaceMarker {
  public static final char MARK = '\u2581';

  private SpaceMarker() {}

  /** Spaces become marks. */
  public static String mark(String text) {
    return text.replace(' ', MARK);
  }

  /** Marks become spaces. */
  public static String unmark(String text) {
    return text.replace(MARK, ' ');
  }
}
