package dev.skipjack.models.tokenizer.scan;

import dev.skipjack.models.tokenizer.pipeline.PreTokenizer;
import java.util.function.Consumer;

/**
 * Cuts a text into what a scanner recognises and the stretches between.
 *
 * @param scanner tried at each place from left to right, continuing behind each piece
 */
public record ScannerSplit(Scanner scanner) implements PreTokenizer {
  @Override
  public void split(String text, boolean start, Consumer<String> pieces) {
    int gap = 0;
    int from = 0;
    while (from < text.length()) {
      int end = scanner.end(text, from, text.length());
      if (end == Scanner.NONE) {
        from += Character.charCount(text.codePointAt(from));
      } else {
        if (gap < from) {
          pieces.accept(text.substring(gap, from));
        }
        pieces.accept(text.substring(from, end));
        gap = end;
        from = end;
      }
    }
    if (gap < text.length()) {
      pieces.accept(text.substring(gap));
    }
  }
}
