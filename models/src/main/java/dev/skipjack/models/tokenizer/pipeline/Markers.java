package dev.skipjack.models.tokenizer.pipeline;

import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens that frame a text.
 *
 * @param bos the token that starts a text
 * @param eos the token that ends a text
 * @param endOfGeneration the tokens after which nothing more is generated
 * @param prefix what is put before a text on request
 * @param suffix what is put after a text on request
 */
public record Markers(
    OptionalInt bos,
    OptionalInt eos,
    Set<Integer> endOfGeneration,
    IdSequence prefix,
    IdSequence suffix) {
  public Markers {
    endOfGeneration = Set.copyOf(endOfGeneration);
  }
}
