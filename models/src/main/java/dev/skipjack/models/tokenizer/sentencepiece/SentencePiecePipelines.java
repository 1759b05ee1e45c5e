package dev.skipjack.models.tokenizer.sentencepiece;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.tokenizer.normalize.CharsMap;
import dev.skipjack.models.tokenizer.normalize.SentencePieceNormalizer;
import dev.skipjack.models.tokenizer.pipeline.IdSequence;
import dev.skipjack.models.tokenizer.pipeline.Markers;
import dev.skipjack.models.tokenizer.pipeline.Pipeline;
import dev.skipjack.models.tokenizer.pipeline.PreTokenizer;
import dev.skipjack.models.tokenizer.pipeline.SubwordModel;
import dev.skipjack.models.tokenizer.sentencepiece.SentencePieceProto.Piece;
import dev.skipjack.models.tokenizer.special.AddedTokenSplitter;
import dev.skipjack.models.tokenizer.special.EndOfGeneration;
import dev.skipjack.models.tokenizer.special.SpecialToken;
import dev.skipjack.models.tokenizer.subword.ByteFallback;
import dev.skipjack.models.tokenizer.subword.SentencePieceModel;
import dev.skipjack.models.tokenizer.subword.UnigramModel;
import dev.skipjack.models.tokenizer.text.PieceText;
import dev.skipjack.models.tokenizer.text.SpaceMarker;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Builds the tokenizer in a SentencePiece model file, {@code tokenizer.model}. */
public final class SentencePiecePipelines {
  /** What the library writes for the unknown token by default. */
  private static final String UNKNOWN_TEXT = " \u2047 ";

  private final Path file;
  private final SentencePieceProto proto;
  private final Vocabulary vocabulary;

  private SentencePiecePipelines(Path file, SentencePieceProto proto) {
    this.file = file;
    this.proto = proto;
    this.vocabulary =
        new Vocabulary(
            proto.pieces().stream().map(Piece::text).toList(),
            proto.pieces().stream().map(Piece::kind).toList());
  }

  /**
   * @throws ModelFormatException if the file cannot be read, is no such model, or one of words or
   *     characters
   */
  public static Pipeline read(Path file) {
    return new SentencePiecePipelines(file, SentencePieceProto.read(file)).pipeline();
  }

  private Pipeline pipeline() {
    return new Pipeline(
        "SentencePiece " + (proto.isBytePair() ? "BPE" : "unigram"),
        vocabulary,
        splitter(TokenKind.CONTROL),
        new SentencePieceNormalizer(
            CharsMap.parse(proto.charsMap()), proto.spacePrefix(), proto.singleSpaces()),
        splitter(TokenKind.USER_DEFINED),
        PreTokenizer.NONE,
        model(),
        new PieceText(
            vocabulary,
            List.of(SpaceMarker::unmark),
            UNKNOWN_TEXT,
            " ",
            proto.spacePrefix() ? 1 : 0),
        markers());
  }

  private SubwordModel model() {
    float[] scores = new float[vocabulary.size()];
    for (int id = 0; id < scores.length; id++) {
      scores[id] = proto.pieces().get(id).score();
    }
    ByteFallback fallback =
        new ByteFallback(vocabulary, proto.byteFallback(), known(proto.unknownId()), true);
    return switch (proto.modelType()) {
      case SentencePieceProto.UNIGRAM -> new UnigramModel(vocabulary, scores, fallback);
      case SentencePieceProto.BPE -> new SentencePieceModel(vocabulary, scores, fallback);
      default ->
          throw new ModelFormatException(
              file.toString(), "model type", "" + proto.modelType(), "1 (unigram) or 2 (BPE)");
    };
  }

  private AddedTokenSplitter splitter(TokenKind kind) {
    List<SpecialToken> tokens = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.kind(id) == kind) {
        tokens.add(new SpecialToken(id, vocabulary.piece(id), kind == TokenKind.CONTROL));
      }
    }
    return new AddedTokenSplitter(tokens);
  }

  private Markers markers() {
    OptionalInt bos = known(proto.bosId());
    OptionalInt eos = known(proto.eosId());
    Set<Integer> endOfGeneration = EndOfGeneration.find(vocabulary);
    eos.ifPresent(endOfGeneration::add);
    return new Markers(bos, eos, endOfGeneration, IdSequence.when(true, bos), IdSequence.EMPTY);
  }

  /** Absent tokens have id -1. */
  private OptionalInt known(int id) {
    return id >= 0 && id < vocabulary.size() ? OptionalInt.of(id) : OptionalInt.empty();
  }
}
