package dev.skipjack.models.tokenizer.special;

/**
 * A token that is found by its spelling before the text is encoded.
 *
 * @param control whether it is looked for only when control tokens are
 * @param stripLeft whether it takes whitespace before it along
 * @param stripRight whether it takes whitespace after it along
 * @param wholeWord whether it is found only where no word character is next to it
 */
public record SpecialToken(
    int id,
    String spelling,
    boolean control,
    boolean stripLeft,
    boolean stripRight,
    boolean wholeWord) {
  /** A token without conditions. */
  public SpecialToken(int id, String spelling, boolean control) {
    this(id, spelling, control, false, false, false);
  }
}
