package dev.skipjack.models.tokenizer.pipeline;

import java.util.function.Consumer;

/** Cuts a normalised fragment into the pieces that are encoded on their own. Thread-safe. */
@FunctionalInterface
public interface PreTokenizer {
  /** One piece: the fragment. */
  PreTokenizer NONE = (text, start, pieces) -> pieces.accept(text);

  /**
   * @param text a normalised fragment, not empty
   * @param start whether the fragment is at the start of the whole text, so that no token is before
   *     it
   * @param pieces receives the pieces in order
   */
  void split(String text, boolean start, Consumer<String> pieces);

  /** Each piece of this one is split further by the next. */
  default PreTokenizer then(PreTokenizer next) {
    return (text, start, pieces) -> {
      boolean[] first = {start};
      split(
          text,
          start,
          piece -> {
            next.split(piece, first[0], pieces);
            first[0] = false;
          });
    };
  }
}
