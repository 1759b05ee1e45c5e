package dev.skipjack.models.tokenizer.primitive;

import java.util.Arrays;

/**
 * A hash table from long to a non-negative long, open addressing with linear probing. The key
 * {@link Long#MIN_VALUE} marks empty slots and cannot be stored. Entries are never removed. Safe to
 * share between threads once no thread writes.
 */
public final class LongMap {
  /** What {@link #get} answers for a key that is not in the map. */
  public static final long ABSENT = -1;

  private static final long EMPTY = Long.MIN_VALUE;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private long[] keys;
  private long[] values;
  private int size;

  public LongMap() {
    allocate(64);
  }

  /** A key made of two ints. */
  public static long pair(int high, int low) {
    return (long) high << 32 | low & 0xFFFFFFFFL;
  }

  public int size() {
    return size;
  }

  /** The value of a key, or {@link #ABSENT}. */
  public long get(long key) {
    int slot = slot(key);
    return keys[slot] == key ? values[slot] : ABSENT;
  }

  public boolean contains(long key) {
    return keys[slot(key)] == key;
  }

  /**
   * @throws IllegalArgumentException for the reserved key or a negative value
   */
  public void put(long key, long value) {
    if (key == EMPTY || value < 0) {
      throw new IllegalArgumentException("cannot store " + key + " -> " + value);
    }
    int slot = slot(key);
    if (keys[slot] != key) {
      if (++size > keys.length / 8 * 5) {
        grow();
        slot = slot(key);
      }
      keys[slot] = key;
    }
    values[slot] = value;
  }

  /** Like {@link #put}, but an entry that is there stays. */
  public void putIfAbsent(long key, long value) {
    if (!contains(key)) {
      put(key, value);
    }
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    long mixed = key * MIX;
    int slot = (int) (mixed ^ mixed >>> 32) & mask;
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void allocate(int capacity) {
    keys = new long[capacity];
    values = new long[capacity];
    Arrays.fill(keys, EMPTY);
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    allocate(Math.multiplyExact(oldKeys.length, 2));
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
