package dev.skipjack.models.tokenizer.primitive;

import java.util.Arrays;

/** A growing list of ints, without boxes. Not thread-safe. */
public final class IntList {
  private int[] elements = new int[32];
  private int size;

  public int size() {
    return size;
  }

  public int get(int index) {
    return elements[index];
  }

  public void add(int element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, Math.multiplyExact(size, 2));
    }
    elements[size++] = element;
  }

  public void addAll(int... more) {
    for (int element : more) {
      add(element);
    }
  }

  public int[] toArray() {
    return Arrays.copyOf(elements, size);
  }
}
