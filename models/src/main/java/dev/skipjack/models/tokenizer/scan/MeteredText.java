package dev.skipjack.models.tokenizer.scan;

/**
 * A text that counts how often it is looked at, so that a regular expression which would go on for
 * ages ends. Not thread-safe.
 */
final class MeteredText implements CharSequence {
  private static final long STEPS = 1_000_000;
  private static final long STEPS_PER_CHARACTER = 1_000;

  private final String text;
  private long left;

  MeteredText(String text) {
    this.text = text;
    this.left = budget(text.length());
  }

  /** Says that too many characters were asked for. */
  static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Exhausted() {
      super(null, null, false, false);
    }
  }

  /** How many characters may be asked for in a text of a length. */
  static long budget(int length) {
    return STEPS + STEPS_PER_CHARACTER * length;
  }

  @Override
  public char charAt(int index) {
    if (left-- == 0) {
      throw new Exhausted();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
