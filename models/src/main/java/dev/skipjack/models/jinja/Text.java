package dev.skipjack.models.jinja;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * An immutable string that remembers, range by range, which parts were supplied by users
 * (untrusted) and which by the template (trusted). Offsets are UTF-16 units; what templates see as
 * positions are code points, as in Python.
 */
public final class Text implements Value {
  private static final int[] ALL_TRUSTED = {};
  private static final int[] ALL_UNTRUSTED = {0};

  static final Text EMPTY = trusted("");

  private final String string;

  /** Ascending offsets at which trust changes; a text begins trusted. */
  private final int[] changes;

  Text(String string, int[] changes) {
    this.string = string;
    this.changes = changes;
  }

  /** A text of the template or the model. */
  public static Text trusted(String string) {
    return new Text(string, ALL_TRUSTED);
  }

  /** A text of a user. */
  public static Text untrusted(String string) {
    return new Text(string, string.isEmpty() ? ALL_TRUSTED : ALL_UNTRUSTED);
  }

  static Text of(String string, boolean trusted) {
    return trusted ? trusted(string) : untrusted(string);
  }

  /** The characters, without their marks. */
  public String string() {
    return string;
  }

  boolean isEmpty() {
    return string.isEmpty();
  }

  boolean isTrusted() {
    return changes.length == 0;
  }

  /** Number of code points. */
  int length() {
    return string.codePointCount(0, string.length());
  }

  /** The offset of a code point, clamped to the text. */
  int offset(int codePoint) {
    return codePoint >= length() ? string.length() : string.offsetByCodePoints(0, codePoint);
  }

  /** The range between two offsets. */
  Text range(int from, int to) {
    if (from == 0 && to == string.length()) {
      return this;
    }
    if (from >= to) {
      return EMPTY;
    }
    String part = string.substring(from, to);
    if (isTrusted()) {
      return trusted(part);
    }
    boolean startsUntrusted = (changesUpTo(from) & 1) == 1;
    int[] inside = Arrays.stream(changes).filter(c -> c > from && c < to).toArray();
    int[] moved = new int[inside.length + (startsUntrusted ? 1 : 0)];
    for (int i = 0; i < inside.length; i++) {
      moved[moved.length - inside.length + i] = inside[i] - from;
    }
    return new Text(part, moved);
  }

  private int changesUpTo(int offset) {
    int found = Arrays.binarySearch(changes, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** Visits the maximal ranges of one trust, in order. */
  public void forEachRun(RunVisitor visitor) {
    boolean trusted = true;
    int start = 0;
    for (int change : changes) {
      if (change > start) {
        visitor.visit(string.substring(start, change), trusted);
      }
      start = change;
      trusted = !trusted;
    }
    if (start < string.length()) {
      visitor.visit(string.substring(start), trusted);
    }
  }

  /** Each range replaced by what a function makes of its characters. */
  Text mapRuns(Budget budget, UnaryOperator<String> function) {
    TextBuilder mapped = new TextBuilder(budget);
    forEachRun((run, trusted) -> mapped.append(function.apply(run), trusted));
    return mapped.toText();
  }

  @Override
  public String typeName() {
    return "str";
  }

  @Override
  public String toString() {
    return string;
  }

  /** Receives the ranges of a text. */
  @FunctionalInterface
  public interface RunVisitor {
    void visit(String run, boolean trusted);
  }
}
