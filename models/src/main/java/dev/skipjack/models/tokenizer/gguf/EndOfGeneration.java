package dev.skipjack.models.tokenizer.gguf;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the tokens after which a model has finished. Files name them only in part, so well-known
 * spellings count as well (the lists are llama.cpp's).
 */
final class EndOfGeneration {
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

  private static final List<String> KEYS =
      List.of(
          "eot_token_id",
          "eom_token_id",
          "fim_pad_token_id",
          "fim_rep_token_id",
          "fim_sep_token_id");

  private EndOfGeneration() {}

  static boolean isSpelling(String piece) {
    return SPELLINGS.contains(piece);
  }

  /** All such tokens of a file but its eos, which the caller knows. */
  static Set<Integer> find(GgufTokenData data) {
    Set<Integer> ids = new HashSet<>();
    for (String key : KEYS) {
      data.tokenId(key).ifPresent(ids::add);
    }
    for (String spelling : SPELLINGS) {
      data.vocabulary().id(spelling).ifPresent(ids::add);
    }
    boolean channels =
        data.vocabulary().id("<|return|>").isPresent()
            && data.vocabulary().id("<|call|>").isPresent();
    if (channels) {
      // In these models <|end|> closes one of several messages, not the answer.
      data.vocabulary().id("<|end|>").ifPresent(ids::remove);
    }
    return ids;
  }
}
