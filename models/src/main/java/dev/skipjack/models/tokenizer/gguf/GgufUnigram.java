package dev.skipjack.models.tokenizer.gguf;

import dev.skipjack.models.tokenizer.normalize.CharsMap;
import dev.skipjack.models.tokenizer.normalize.SentencePieceNormalizer;
import dev.skipjack.models.tokenizer.pipeline.FragmentSplitter;
import dev.skipjack.models.tokenizer.pipeline.Normalizer;
import dev.skipjack.models.tokenizer.pipeline.Pipeline;
import dev.skipjack.models.tokenizer.pipeline.PreTokenizer;
import dev.skipjack.models.tokenizer.subword.ByteFallback;
import dev.skipjack.models.tokenizer.subword.UnigramModel;
import dev.skipjack.models.tokenizer.text.SpacedText;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;

/** {@code tokenizer.ggml.model = t5}: SentencePiece's unigram model. */
final class GgufUnigram {
  private static final int CUSTOMARY_EOS = 1;
  private static final int CUSTOMARY_UNKNOWN = 2;

  private GgufUnigram() {}

  static Pipeline read(GgufTokenData data) {
    Vocabulary vocabulary = data.vocabulary();
    boolean spacePrefix = data.flag("add_space_prefix", true);
    ByteFallback fallback =
        new ByteFallback(
            vocabulary,
            false,
            data.tokenId("unknown_token_id", CUSTOMARY_UNKNOWN, TokenKind.UNKNOWN),
            true);
    return new Pipeline(
        "UGM",
        vocabulary,
        data.splitter(),
        new SentencePieceNormalizer(
            charsMap(data), spacePrefix, data.flag("remove_extra_whitespaces", false)),
        FragmentSplitter.NONE,
        PreTokenizer.NONE,
        new UnigramModel(vocabulary, data.scores(), fallback),
        new SpacedText(vocabulary, spacePrefix),
        GgufMarkers.read(
            data,
            data.tokenId("bos_token_id"),
            data.tokenId("eos_token_id", CUSTOMARY_EOS, TokenKind.CONTROL),
            new GgufMarkers.Defaults(false, true)));
  }

  private static Normalizer charsMap(GgufTokenData data) {
    try {
      return CharsMap.parse(data.bytes("precompiled_charsmap"));
    } catch (IllegalArgumentException e) {
      throw data.failure("precompiled_charsmap", e.getMessage(), "a character map");
    }
  }
}
