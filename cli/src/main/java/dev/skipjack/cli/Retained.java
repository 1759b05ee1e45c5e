package dev.skipjack.cli;

import java.util.function.Supplier;

/**
 * Something together with what it cost to make.
 *
 * @param heapBytes what the heap holds more than before, measured after collections
 * @param seconds of making
 */
record Retained<T>(T value, long heapBytes, double seconds) {
  private static final double NANOS = 1e9;

  static <T> Retained<T> measure(Supplier<T> maker) {
    long before = usedHeap();
    long start = System.nanoTime();
    T value = maker.get();
    double seconds = (System.nanoTime() - start) / NANOS;
    return new Retained<>(value, Math.max(0, usedHeap() - before), seconds);
  }

  /** What a collection finds dead may hold on to more, which only the next one finds. */
  private static long usedHeap() {
    long used = afterCollection();
    for (long next = afterCollection(); next < used; next = afterCollection()) {
      used = next;
    }
    return used;
  }

  private static long afterCollection() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
