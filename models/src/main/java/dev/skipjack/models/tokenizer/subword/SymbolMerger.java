package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.primitive.LongHeap;
import dev.skipjack.models.tokenizer.primitive.LongMap;
import java.util.function.IntConsumer;

/**
 * Joins neighbouring symbols of one piece until no join is left: always the join of lowest rank,
 * the leftmost of equals. A heap of candidates over a linked list makes it O(n log n) (Sennrich et
 * al. 2016 describe the merges, SentencePiece the heap). One per piece; not thread-safe.
 */
final class SymbolMerger {
  private static final int NONE = -1;

  /** Letters are negative and map values must not be: shift both halves. */
  private static final int LETTER_OFFSET = Character.MAX_CODE_POINT + 1;

  private final MergeTable table;
  private final int[] symbols;
  private final int[] next;
  private final int[] previous;
  private final LongHeap candidates = new LongHeap();

  /** The last pair seen to join into each provisional token. */
  private final LongMap halves = new LongMap();

  private SymbolMerger(MergeTable table, int[] symbols) {
    this.table = table;
    this.symbols = symbols;
    this.next = new int[symbols.length];
    this.previous = new int[symbols.length];
  }

  /**
   * @param initial the symbols of a piece, one per character or byte
   * @param result receives the symbols that remain, in order
   */
  static void merge(MergeTable table, IntList initial, IntConsumer result) {
    if (initial.size() == 0) {
      return;
    }
    if (initial.size() == 1) {
      result.accept(initial.get(0));
      return;
    }
    SymbolMerger merger = new SymbolMerger(table, initial.toArray());
    merger.run();
    merger.emit(result);
  }

  private void run() {
    int last = symbols.length - 1;
    for (int i = 0; i <= last; i++) {
      previous[i] = i - 1;
      next[i] = i == last ? NONE : i + 1;
    }
    for (int i = 0; i < last; i++) {
      consider(i);
    }
    while (!candidates.isEmpty()) {
      long candidate = candidates.poll();
      int left = (int) candidate;
      long join = joinAt(left);
      // A candidate whose pair is gone is stale, unless another pair of equal rank took its place.
      if (join != LongMap.ABSENT && MergeTable.rank(join) == (int) (candidate >>> 32)) {
        join(left, MergeTable.joined(join));
      }
    }
  }

  private long joinAt(int left) {
    int right = next[left];
    return right < 0 ? LongMap.ABSENT : table.find(symbols[left], symbols[right]);
  }

  private void consider(int left) {
    long join = joinAt(left);
    if (join == LongMap.ABSENT) {
      return;
    }
    candidates.add(LongMap.pair(MergeTable.rank(join), left));
    if (table.isProvisional(MergeTable.joined(join))) {
      halves.put(MergeTable.joined(join), pairOfTokens(symbols[left], symbols[next[left]]));
    }
  }

  private void join(int left, int joined) {
    int right = next[left];
    symbols[left] = joined;
    next[left] = next[right];
    // The right symbol is no longer part of the list: candidates that start there are stale.
    next[right] = NONE;
    if (next[left] != NONE) {
      previous[next[left]] = left;
      consider(left);
    }
    if (previous[left] != NONE) {
      consider(previous[left]);
    }
  }

  private void emit(IntConsumer result) {
    for (int i = 0; i != NONE; i = next[i]) {
      emit(symbols[i], result);
    }
  }

  /** Each half is shorter than the whole, so the depth is at most the length of a token. */
  private void emit(int symbol, IntConsumer result) {
    long pair = table.isProvisional(symbol) ? halves.get(symbol) : LongMap.ABSENT;
    if (pair == LongMap.ABSENT) {
      result.accept(symbol);
    } else {
      emit((int) (pair >> 32) - LETTER_OFFSET, result);
      emit((int) pair - LETTER_OFFSET, result);
    }
  }

  private static long pairOfTokens(int left, int right) {
    return LongMap.pair(left + LETTER_OFFSET, right + LETTER_OFFSET);
  }
}
