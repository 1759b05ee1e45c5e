package dev.skipjack.models.tokenizer.special;

import dev.skipjack.models.tokenizer.pipeline.Fragment;
import dev.skipjack.models.tokenizer.primitive.IntList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The special tokens found in a text, longer ones first. Not thread-safe. */
final class Matches {
  private final String text;
  private final BitSet taken = new BitSet();
  private final IntList ids = new IntList();
  private final IntList starts = new IntList();
  private final IntList ends = new IntList();

  Matches(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** The first place at or after one that no token has taken. */
  int nextFree(int from) {
    return taken.nextClearBit(from);
  }

  /**
   * Takes the place of a token and of the white space that goes with it, unless another has taken
   * some of it. Another cannot be in its middle, as it would be shorter.
   */
  void add(SpecialToken token, int at) {
    int start = at;
    int end = at + token.spelling().length();
    if (taken.get(start) || taken.get(end - 1)) {
      return;
    }
    while (token.stripLeft() && start > 0 && isFreeSpace(start - 1)) {
      start--;
    }
    while (token.stripRight() && end < text.length() && isFreeSpace(end)) {
      end++;
    }
    taken.set(start, end);
    ids.add(token.id());
    starts.add(start);
    ends.add(end);
  }

  /** Tokens and the text between them, in order. */
  List<Fragment> fragments() {
    long[] order = new long[ids.size()];
    Arrays.setAll(order, i -> (long) starts.get(i) << Integer.SIZE | i);
    Arrays.sort(order);
    List<Fragment> fragments = new ArrayList<>();
    int done = 0;
    for (long entry : order) {
      int i = (int) entry;
      addText(done, starts.get(i), fragments);
      fragments.add(new Fragment.Token(ids.get(i)));
      done = ends.get(i);
    }
    addText(done, text.length(), fragments);
    return fragments;
  }

  private void addText(int from, int to, List<Fragment> fragments) {
    if (from < to) {
      fragments.add(new Fragment.Text(text.substring(from, to)));
    }
  }

  /** The white space of C's {@code isspace}. */
  private boolean isFreeSpace(int at) {
    char c = text.charAt(at);
    return (c == ' ' || c >= '\t' && c <= '\r') && !taken.get(at);
  }
}
