package dev.skipjack.models.tokenizer.scan;

import dev.skipjack.models.tokenizer.pipeline.PreTokenizer;
import java.util.function.Consumer;

/**
 * Makes spaces visible and cuts in front of them.
 *
 * @param mark what a space becomes
 * @param prefix where a text without a space in front gets one
 * @param split whether to cut
 */
public record Metaspace(String mark, Prefix prefix, boolean split) implements PreTokenizer {
  /** Where a mark is put in front. */
  public enum Prefix {
    ALWAYS,
    /** Only at the start of the whole text. */
    FIRST,
    NEVER
  }

  @Override
  public void split(String text, boolean start, Consumer<String> pieces) {
    String marked = text.replace(" ", mark);
    boolean wanted = prefix == Prefix.ALWAYS || prefix == Prefix.FIRST && start;
    if (wanted && !marked.startsWith(mark)) {
      marked = mark + marked;
    }
    if (!split) {
      pieces.accept(marked);
      return;
    }
    int from = 0;
    for (int cut = marked.indexOf(mark, 1); cut > 0; cut = marked.indexOf(mark, cut + 1)) {
      pieces.accept(marked.substring(from, cut));
      from = cut;
    }
    pieces.accept(marked.substring(from));
  }
}
