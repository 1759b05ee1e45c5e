package dev.skipjack.models.tokenizer.primitive;

import java.util.Arrays;

/** A binary min-heap of longs, without boxes. Not thread-safe. */
public final class LongHeap {
  private long[] elements = new long[32];
  private int size;

  public boolean isEmpty() {
    return size == 0;
  }

  public void add(long element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, Math.multiplyExact(size, 2));
    }
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) / 2;
      if (elements[parent] <= element) {
        break;
      }
      elements[hole] = elements[parent];
      hole = parent;
    }
    elements[hole] = element;
  }

  /** Removes the smallest element. The heap must not be empty. */
  public long poll() {
    long smallest = elements[0];
    long last = elements[--size];
    int hole = 0;
    for (int child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && elements[child + 1] < elements[child]) {
        child++;
      }
      if (last <= elements[child]) {
        break;
      }
      elements[hole] = elements[child];
      hole = child;
    }
    elements[hole] = last;
    return smallest;
  }
}
