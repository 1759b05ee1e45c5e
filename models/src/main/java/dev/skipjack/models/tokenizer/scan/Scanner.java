package dev.skipjack.models.tokenizer.scan;

/**
 * Recognises one piece at a given place, like an anchored regular expression that runs in time
 * linear in what it looks at and without recursion. Stateless and thread-safe.
 */
@FunctionalInterface
public interface Scanner {
  /** The answer when no piece starts here. */
  int NONE = -1;

  /**
   * The end (exclusive) of the piece that starts at {@code from}, or {@link #NONE}. Pieces are not
   * empty.
   *
   * @param from before {@code to}
   * @param to where the text counts as ended
   */
  int end(String text, int from, int to);

  /** The first of several that recognises anything, as {@code a|b|c} does. */
  static Scanner firstOf(Scanner... alternatives) {
    return (text, from, to) -> {
      for (Scanner alternative : alternatives) {
        int end = alternative.end(text, from, to);
        if (end != NONE) {
          return end;
        }
      }
      return NONE;
    };
  }

  /** This, extended by {@code suffix} where that follows, as {@code a(b)?} does. */
  default Scanner thenOptionally(Scanner suffix) {
    return (text, from, to) -> {
      int end = end(text, from, to);
      int extended = end == NONE || end == to ? NONE : suffix.end(text, end, to);
      return extended == NONE ? end : extended;
    };
  }
}
