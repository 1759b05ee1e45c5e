package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.models.tokenizer.sentencepiece.SentencePieceProto.Piece;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** A {@code tokenizer.json} with byte-level BPE: vocabulary, merges and the way to split. */
final class BytePairFile {
  /** Readers of GGUF do not normalise; these change little enough to be left out, as is usual. */
  private static final Set<String> NEGLIGIBLE_NORMALIZERS = Set.of("", "NFC");

  private BytePairFile() {}

  /**
   * Fills the table and the keys.
   *
   * @throws UnconvertibleTokenizerException if GGUF cannot express this tokenizer
   */
  static void read(JsonNode tokenizer, PieceTable pieces, Map<String, GgufValue> keys)
      throws UnconvertibleTokenizerException {
    JsonNode model = tokenizer.path("model");
    require(model);
    String normalizer = JsonFile.text(tokenizer.path("normalizer").path("type"));
    if (!NEGLIGIBLE_NORMALIZERS.contains(normalizer)) {
      throw new UnconvertibleTokenizerException("it normalises text by " + normalizer);
    }
    JsonNode preTokenizer = tokenizer.path("pre_tokenizer");
    boolean wholeWords = model.path("ignore_merges").asBoolean(false);
    keys.put("tokenizer.ggml.model", GgufValue.string("gpt2"));
    keys.put("tokenizer.ggml.pre", GgufValue.string(PreTokenizers.name(preTokenizer, wholeWords)));
    for (Map.Entry<String, JsonNode> entry : model.path("vocab").properties()) {
      pieces.set(entry.getValue().asLong(-1), new Piece(entry.getKey(), 0, TokenKind.NORMAL));
    }
    keys.put("tokenizer.ggml.merges", GgufValue.strings(merges(model.path("merges"))));
    if (any(preTokenizer, step -> step.path("add_prefix_space").asBoolean(false))) {
      keys.put("tokenizer.ggml.add_space_prefix", GgufValue.bool(true));
    }
  }

  private static void require(JsonNode model) throws UnconvertibleTokenizerException {
    String type = JsonFile.text(model.path("type"));
    if (!type.equals("BPE") && !(type.isEmpty() && model.has("merges"))) {
      throw new UnconvertibleTokenizerException("its model is " + type + ", not BPE");
    }
    for (String affix : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
      if (!JsonFile.text(model.path(affix)).isEmpty()) {
        throw new UnconvertibleTokenizerException("its pieces have a " + affix);
      }
    }
  }

  /** Merges are pairs, or pairs joined by a space, which is no character of byte-level pieces. */
  private static String[] merges(JsonNode merges) {
    return merges
        .valueStream()
        .map(
            merge ->
                merge.isArray()
                    ? JsonFile.text(merge.path(0)) + " " + JsonFile.text(merge.path(1))
                    : JsonFile.text(merge))
        .toArray(String[]::new);
  }

  private static boolean any(JsonNode step, Predicate<JsonNode> condition) {
    return condition.test(step) || step.path("pretokenizers").valueStream().anyMatch(condition);
  }
}
