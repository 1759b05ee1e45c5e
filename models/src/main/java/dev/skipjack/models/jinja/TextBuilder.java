package dev.skipjack.models.jinja;

import java.util.Arrays;

/** Assembles a {@link Text} from ranges, keeping their marks, within a budget. */
final class TextBuilder {
  private final Budget budget;
  private final StringBuilder string = new StringBuilder();
  private int[] changes = new int[4];
  private int changeCount;

  TextBuilder(Budget budget) {
    this.budget = budget;
  }

  TextBuilder append(Text text) {
    text.forEachRun(this::append);
    return this;
  }

  TextBuilder append(Text text, int from, int to) {
    return append(text.range(from, to));
  }

  /** Appends what the template language itself contributes: punctuation, numbers, names. */
  TextBuilder append(String literal) {
    return append(literal, true);
  }

  TextBuilder append(String run, boolean trusted) {
    if (run.isEmpty()) {
      return this;
    }
    budget.admitText((long) string.length() + run.length());
    budget.scan(run.length());
    boolean endsTrusted = (changeCount & 1) == 0;
    if (trusted != endsTrusted) {
      if (changeCount == changes.length) {
        changes = Arrays.copyOf(changes, 2 * changeCount);
      }
      changes[changeCount++] = string.length();
    }
    string.append(run);
    return this;
  }

  boolean isEmpty() {
    return string.isEmpty();
  }

  Text toText() {
    return new Text(string.toString(), Arrays.copyOf(changes, changeCount));
  }
}
