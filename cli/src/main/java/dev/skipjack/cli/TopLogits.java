package dev.skipjack.cli;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The largest logits of a position. */
final class TopLogits {
  /** One token and its logit. */
  record Entry(int id, float logit) {
    /** NaN sorts below every number: it is never the likeliest. */
    private float rank() {
      return Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit;
    }
  }

  private static final Comparator<Entry> BEST_FIRST =
      Comparator.comparing(Entry::rank).reversed().thenComparing(Entry::id);

  private TopLogits() {}

  /**
   * The {@code count} largest, largest first, the lower id first among equals.
   *
   * @param logits {@code [vocabulary]}
   */
  static List<Entry> of(float[] logits, int count) {
    PriorityQueue<Entry> kept = new PriorityQueue<>(BEST_FIRST.reversed());
    for (int id = 0; id < logits.length; id++) {
      kept.add(new Entry(id, logits[id]));
      if (kept.size() > count) {
        kept.remove();
      }
    }
    return kept.stream().sorted(BEST_FIRST).toList();
  }
}
