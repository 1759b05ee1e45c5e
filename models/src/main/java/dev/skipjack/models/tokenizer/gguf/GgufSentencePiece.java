package dev.skipjack.models.tokenizer.gguf;

import dev.skipjack.models.tokenizer.pipeline.FragmentSplitter;
import dev.skipjack.models.tokenizer.pipeline.Normalizer;
import dev.skipjack.models.tokenizer.pipeline.Pipeline;
import dev.skipjack.models.tokenizer.pipeline.PreTokenizer;
import dev.skipjack.models.tokenizer.subword.ByteFallback;
import dev.skipjack.models.tokenizer.subword.SentencePieceModel;
import dev.skipjack.models.tokenizer.text.SpaceMarker;
import dev.skipjack.models.tokenizer.text.SpacedText;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.util.OptionalInt;

/** {@code tokenizer.ggml.model = llama}: SentencePiece BPE as Llama 2, Mistral and Gemma use it. */
final class GgufSentencePiece {
  private GgufSentencePiece() {}

  static Pipeline read(GgufTokenData data) {
    Vocabulary vocabulary = data.vocabulary();
    boolean spacePrefix = data.flag("add_space_prefix", true);
    Normalizer spaces = SpaceMarker::mark;
    OptionalInt unknown = data.tokenId("unknown_token_id", 0, TokenKind.UNKNOWN);
    return new Pipeline(
        "SPM",
        vocabulary,
        data.splitter(),
        spacePrefix ? text -> spaces.normalize(" " + text) : spaces,
        FragmentSplitter.NONE,
        PreTokenizer.NONE,
        new SentencePieceModel(
            vocabulary, data.scores(), new ByteFallback(vocabulary, true, unknown, false)),
        new SpacedText(vocabulary, spacePrefix),
        GgufMarkers.read(
            data,
            data.tokenId("bos_token_id", 1, TokenKind.CONTROL),
            data.tokenId("eos_token_id", 2, TokenKind.CONTROL),
            true));
  }
}
