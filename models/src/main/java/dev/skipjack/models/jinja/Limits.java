package dev.skipjack.models.jinja;

/**
 * What one template may cost. Templates come out of model files, which come from anywhere, so every
 * dimension in which one can grow is bounded; exceeding a bound is a {@link TemplateException}.
 *
 * @param sourceLength characters of template source
 * @param nesting depth of nested tags, brackets and operators in the source
 * @param depth depth of nested evaluation, through macros, and of nested values
 * @param iterations loop iterations per rendering
 * @param collectionSize elements of one list, range or dictionary
 * @param textLength characters of one string, the output included
 * @param work evaluation steps per rendering; copying 16 characters or touching an element is one
 */
public record Limits(
    int sourceLength,
    int nesting,
    int depth,
    int iterations,
    int collectionSize,
    int textLength,
    long work) {

  /** Generous for any chat template, small enough to end a hostile one within seconds. */
  public static final Limits DEFAULT =
      new Limits(1 << 20, 100, 500, 1_000_000, 100_000, 1 << 24, 5_000_000L);

  public Limits {
    if (sourceLength < 1
        || nesting < 1
        || depth < 1
        || iterations < 1
        || collectionSize < 1
        || textLength < 1
        || work < 1) {
      throw new IllegalArgumentException("every limit must be at least 1");
    }
  }
}
