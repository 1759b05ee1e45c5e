package dev.skipjack.models.tokenizer.scan;

import dev.skipjack.models.tokenizer.pipeline.PreTokenizer;
import java.util.function.Consumer;

/**
 * Makes pieces of the stretches a cutter finds.
 *
 * @param cutter tells matches from gaps
 * @param behavior what becomes of the matches
 */
public record Split(Cutter cutter, Behavior behavior) implements PreTokenizer {
  /** What becomes of a match; the names are those of {@code tokenizer.json}. */
  public enum Behavior {
    /** Dropped. */
    REMOVED,
    /** A piece of its own. */
    ISOLATED,
    /** Put behind the gap before it. */
    MERGED_WITH_PREVIOUS,
    /** Put before the gap after it. */
    MERGED_WITH_NEXT,
    /** One piece with the matches next to it. */
    CONTIGUOUS
  }

  /** Matches and gaps are pieces. */
  public static Split isolated(Cutter cutter) {
    return new Split(cutter, Behavior.ISOLATED);
  }

  @Override
  public void split(String text, boolean start, Consumer<String> pieces) {
    Assembly assembly = new Assembly(text, pieces);
    cutter.cut(text, assembly::add);
    assembly.flush();
  }

  /** The piece under construction: {@code [from, to)} of the text. */
  private final class Assembly {
    private final String text;
    private final Consumer<String> pieces;
    private int from;
    private int to;
    private boolean lastMatched;

    Assembly(String text, Consumer<String> pieces) {
      this.text = text;
      this.pieces = pieces;
    }

    void add(int start, int end, boolean matched) {
      if (matched && behavior == Behavior.REMOVED) {
        flush();
        from = end;
        to = end;
        return;
      }
      boolean extend =
          switch (behavior) {
            case REMOVED, ISOLATED -> false;
            case MERGED_WITH_PREVIOUS -> matched && !lastMatched;
            case MERGED_WITH_NEXT -> !matched && lastMatched;
            case CONTIGUOUS -> matched && lastMatched;
          };
      if (!extend) {
        flush();
        from = start;
      }
      to = end;
      lastMatched = matched;
    }

    void flush() {
      if (from < to) {
        pieces.accept(text.substring(from, to));
        from = to;
      }
    }
  }
}
