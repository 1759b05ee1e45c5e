package dev.skipjack.models.tokenizer.special;

import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds the tokens after which a model has finished. Files name them only in part, so well-known
 * spellings count as well (the lists are llama.cpp's).
 */
public final class EndOfGeneration {
  private static final Set<String> SPELLINGS =
      Set.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "<｜end▁of▁sentence｜>",
          "<end_of_utterance>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "</s>",
          "<|eom_id|>",
          "[EOS]",
          "<eos>",
          "<turn|>",
          "<|tool_response>");

  private EndOfGeneration() {}

  /** Whether a token of this spelling ends a generation. */
  public static boolean isSpelling(String piece) {
    return SPELLINGS.contains(piece);
  }

  /** All such tokens of a vocabulary. */
  public static Set<Integer> find(Vocabulary vocabulary) {
    Set<Integer> ids = new HashSet<>();
    for (String spelling : SPELLINGS) {
      vocabulary.id(spelling).ifPresent(ids::add);
    }
    boolean channels =
        vocabulary.id("<|return|>").isPresent() && vocabulary.id("<|call|>").isPresent();
    if (channels) {
      // In these models <|end|> closes one of several messages, not the answer.
      vocabulary.id("<|end|>").ifPresent(ids::remove);
    }
    return ids;
  }
}
