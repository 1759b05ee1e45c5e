package dev.skipjack.models.tokenizer.normalize;

import dev.skipjack.models.tokenizer.pipeline.Normalizer;
import dev.skipjack.models.tokenizer.text.SpaceMarker;

/**
 * SentencePiece's clean-up: a character map, then the handling of spaces, which end up as U+2581.
 *
 * @param characters the character map
 * @param spacePrefix whether a text gets a space in front
 * @param singleSpaces whether spaces at both ends go and runs of spaces become one
 */
public record SentencePieceNormalizer(
    Normalizer characters, boolean spacePrefix, boolean singleSpaces) implements Normalizer {
  @Override
  public String normalize(String text) {
    String mapped = characters.normalize(text);
    String spaced = singleSpaces ? withSingleSpaces(mapped) : mapped;
    return spaced.isEmpty() ? spaced : SpaceMarker.mark(spacePrefix ? " " + spaced : spaced);
  }

  private static String withSingleSpaces(String text) {
    StringBuilder result = new StringBuilder(text.length());
    boolean pending = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == SpaceMarker.MARK) {
        pending = !result.isEmpty();
        continue;
      }
      if (pending) {
        result.append(' ');
        pending = false;
      }
      result.append(c);
    }
    return result.toString();
  }
}
