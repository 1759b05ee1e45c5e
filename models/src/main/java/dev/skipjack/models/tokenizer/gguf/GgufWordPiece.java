package dev.skipjack.models.tokenizer.gguf;

import dev.skipjack.models.tokenizer.normalize.BertNormalizer;
import dev.skipjack.models.tokenizer.pipeline.FragmentSplitter;
import dev.skipjack.models.tokenizer.pipeline.IdSequence;
import dev.skipjack.models.tokenizer.pipeline.Markers;
import dev.skipjack.models.tokenizer.pipeline.Pipeline;
import dev.skipjack.models.tokenizer.scan.Split;
import dev.skipjack.models.tokenizer.scan.WordPattern;
import dev.skipjack.models.tokenizer.special.EndOfGeneration;
import dev.skipjack.models.tokenizer.subword.WordPieceModel;
import dev.skipjack.models.tokenizer.text.SpaceMarker;
import dev.skipjack.models.tokenizer.text.SpacedText;
import dev.skipjack.models.tokenizer.vocabulary.PieceTrie;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.util.OptionalInt;

/**
 * {@code tokenizer.ggml.model = bert}: WordPiece. GGUF marks the tokens that start a word with
 * U+2581 instead of marking those inside one.
 */
final class GgufWordPiece {
  private static final int CUSTOMARY_UNKNOWN = 100;
  private static final int CUSTOMARY_CLS = 101;
  private static final int CUSTOMARY_SEP = 102;

  private GgufWordPiece() {}

  static Pipeline read(GgufTokenData data) {
    Vocabulary vocabulary = data.vocabulary();
    return new Pipeline(
        "WPM",
        vocabulary,
        data.splitter(),
        new BertNormalizer(true, true, true, true),
        FragmentSplitter.NONE,
        new Split(WordPattern.SPACE.cutter(), Split.Behavior.REMOVED)
            .then(Split.isolated(WordPattern.SIGN.cutter())),
        model(data),
        new SpacedText(vocabulary, true),
        markers(data));
  }

  private static WordPieceModel model(GgufTokenData data) {
    Vocabulary vocabulary = data.vocabulary();
    PieceTrie starts = new PieceTrie();
    PieceTrie continuations = new PieceTrie();
    for (int id = 0; id < vocabulary.size(); id++) {
      String piece = vocabulary.piece(id);
      boolean start = piece.length() > 1 && piece.charAt(0) == SpaceMarker.MARK;
      if (vocabulary.kind(id) == TokenKind.NORMAL && !piece.isEmpty()) {
        (start ? starts : continuations).add(start ? piece.substring(1) : piece, id);
      }
    }
    OptionalInt unknown = data.tokenId("unknown_token_id", CUSTOMARY_UNKNOWN, TokenKind.UNKNOWN);
    return new WordPieceModel(starts, continuations, unknown, Integer.MAX_VALUE);
  }

  private static Markers markers(GgufTokenData data) {
    OptionalInt cls = data.tokenId("cls_token_id", CUSTOMARY_CLS, TokenKind.CONTROL);
    OptionalInt bos = data.tokenId("bos_token_id");
    OptionalInt start = bos.isPresent() ? bos : cls;
    // The key is misspelled in the format itself.
    OptionalInt separator = data.tokenId("seperator_token_id", CUSTOMARY_SEP, TokenKind.CONTROL);
    OptionalInt eos = data.tokenId("eos_token_id");
    return new Markers(
        start,
        eos.isPresent() ? eos : separator,
        EndOfGeneration.find(data.vocabulary()),
        IdSequence.when(data.flag("add_bos_token", true), start),
        IdSequence.when(data.flag("add_sep_token", true), separator));
  }
}
