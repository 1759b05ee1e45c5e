package dev.skipjack.models.tokenizer.sentencepiece;

import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What SentencePiece's {@code ModelProto} says, as far as encoding needs it. */
final class SentencePieceProto {
  static final int UNIGRAM = 1;
  static final int BPE = 2;

  final List<String> pieces = new ArrayList<>();
  final List<Float> scores = new ArrayList<>();
  final List<TokenKind> kinds = new ArrayList<>();
  int modelType = UNIGRAM;
  boolean byteFallback;
  int unknownId;
  int bosId = 1;
  int eosId = 2;
  byte[] charsMap = {};
  boolean spacePrefix = true;
  boolean singleSpaces = true;

  /**
   * @throws IllegalArgumentException if these bytes are no such message
   */
  static SentencePieceProto parse(byte[] bytes) {
    SentencePieceProto proto = new SentencePieceProto();
    ProtoReader reader = new ProtoReader(ByteBuffer.wrap(bytes));
    while (reader.hasNext()) {
      switch (reader.nextField()) {
        case 1 -> proto.readPiece(reader.message());
        case 2 -> proto.readTrainer(reader.message());
        case 3 -> proto.readNormalizer(reader.message());
        default -> reader.skip();
      }
    }
    return proto;
  }

  private void readPiece(ProtoReader reader) {
    String piece = "";
    float score = 0;
    long kind = 1;
    while (reader.hasNext()) {
      switch (reader.nextField()) {
        case 1 -> piece = reader.text();
        case 2 -> score = reader.number();
        case 3 -> kind = reader.integer();
        default -> reader.skip();
      }
    }
    if (kind < 1 || kind > KINDS.size()) {
      throw new IllegalArgumentException("piece %d of type %d".formatted(pieces.size(), kind));
    }
    if (Float.isNaN(score)) {
      throw new IllegalArgumentException("piece %d with score NaN".formatted(pieces.size()));
    }
    pieces.add(piece);
    scores.add(score);
    kinds.add(KINDS.get((int) kind - 1));
  }

  /** In the order of their numbers, from 1. */
  private static final List<TokenKind> KINDS =
      List.of(
          TokenKind.NORMAL,
          TokenKind.UNKNOWN,
          TokenKind.CONTROL,
          TokenKind.USER_DEFINED,
          TokenKind.UNUSED,
          TokenKind.BYTE);

  private void readTrainer(ProtoReader reader) {
    while (reader.hasNext()) {
      switch (reader.nextField()) {
        case 3 -> modelType = (int) reader.integer();
        case 35 -> byteFallback = reader.integer() != 0;
        case 40 -> unknownId = (int) reader.integer();
        case 41 -> bosId = (int) reader.integer();
        case 42 -> eosId = (int) reader.integer();
        default -> reader.skip();
      }
    }
  }

  private void readNormalizer(ProtoReader reader) {
    while (reader.hasNext()) {
      switch (reader.nextField()) {
        case 2 -> {
          ByteBuffer map = reader.bytes();
          charsMap = new byte[map.remaining()];
          map.get(charsMap);
        }
        case 3 -> spacePrefix = reader.integer() != 0;
        case 4 -> singleSpaces = reader.integer() != 0;
        default -> reader.skip();
      }
    }
  }
}
