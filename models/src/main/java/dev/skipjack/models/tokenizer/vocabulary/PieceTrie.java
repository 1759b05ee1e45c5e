package dev.skipjack.models.tokenizer.vocabulary;

import dev.skipjack.models.tokenizer.primitive.LongMap;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Spellings that share their beginnings, to be walked char by char. Read-only after it is built.
 */
public final class PieceTrie {
  public static final int ROOT = 0;

  /** No such node, or no piece ends at a node. */
  public static final int NONE = -1;

  private final LongMap children = new LongMap();
  private int[] values = {NONE};
  private int nodes = 1;

  /** Adds a piece; the value (not negative) of the same piece added before is replaced. */
  public void add(String piece, int value) {
    int node = ROOT;
    for (int i = 0; i < piece.length(); i++) {
      int child = child(node, piece.charAt(i));
      node = child == NONE ? newChild(node, piece.charAt(i)) : child;
    }
    values[node] = value;
  }

  /** The node after one more char, or {@link #NONE}. */
  public int child(int node, char next) {
    return (int) children.get(LongMap.pair(node, next));
  }

  /** The value of the piece that ends at a node, or {@link #NONE}. */
  public int value(int node) {
    return values[node];
  }

  /** The end of the longest piece that starts at {@code from}, or {@link #NONE}. */
  public int longestEnd(String text, int from, int to) {
    int end = NONE;
    int node = ROOT;
    for (int i = from; i < to; i++) {
      node = child(node, text.charAt(i));
      if (node == NONE) {
        break;
      }
      if (values[node] != NONE) {
        end = i + 1;
      }
    }
    return end;
  }

  /** The value of the piece {@code [from, to)} of a text, or {@link #NONE}. */
  public int find(String text, int from, int to) {
    int node = ROOT;
    for (int i = from; i < to && node != NONE; i++) {
      node = child(node, text.charAt(i));
    }
    return node == NONE ? NONE : values[node];
  }

  /** Passes on the values of all pieces that start at {@code from}, shortest first. */
  public void prefixes(String text, int from, IntConsumer found) {
    int node = ROOT;
    for (int i = from; i < text.length(); i++) {
      node = child(node, text.charAt(i));
      if (node == NONE) {
        return;
      }
      if (values[node] != NONE) {
        found.accept(values[node]);
      }
    }
  }

  private int newChild(int node, char next) {
    if (nodes == values.length) {
      values = Arrays.copyOf(values, Math.multiplyExact(nodes, 2));
    }
    values[nodes] = NONE;
    children.put(LongMap.pair(node, next), nodes);
    return nodes++;
  }
}
