package dev.skipjack.models.jinja;

import java.util.function.Supplier;

/** What is left of the {@link Limits} during one rendering. Not thread-safe. */
final class Budget {
  private static final int CHARACTERS_PER_STEP = 16;

  private final Limits limits;
  private long work;
  private int iterations;
  private int depth;

  Budget(Limits limits) {
    this.limits = limits;
  }

  /** Counts steps of evaluation. */
  void step(long steps) {
    work += steps;
    if (work > limits.work()) {
      throw exceeded("takes more than " + limits.work() + " steps");
    }
  }

  void iteration() {
    if (++iterations > limits.iterations()) {
      throw exceeded("loops more than " + limits.iterations() + " times");
    }
  }

  /** Runs a part of the evaluation one level deeper, so that recursion ends before the stack. */
  <T> T nested(Supplier<T> part) {
    enter();
    try {
      return part.get();
    } finally {
      leave();
    }
  }

  /** One level deeper; every call is paired with {@link #leave}. */
  void enter() {
    if (++depth > limits.depth()) {
      depth--;
      throw exceeded("nests deeper than " + limits.depth() + " levels");
    }
    step(1);
  }

  void leave() {
    depth--;
  }

  /** Admits a string of this length. */
  void admitText(long length) {
    if (length > limits.textLength()) {
      throw exceeded("builds a string of more than " + limits.textLength() + " characters");
    }
  }

  /** Counts the work of reading or copying this many characters. */
  void scan(long characters) {
    step(1 + characters / CHARACTERS_PER_STEP);
  }

  /** Admits a collection of this many elements and counts the work of making it. */
  void collection(long size) {
    admitCollection(size);
    step(size);
  }

  /** Admits a collection of this many elements. */
  void admitCollection(long size) {
    if (size > limits.collectionSize()) {
      throw exceeded("builds a collection of more than " + limits.collectionSize() + " elements");
    }
  }

  private static TemplateException exceeded(String what) {
    return new TemplateException("the template " + what + ", which is the limit");
  }
}
