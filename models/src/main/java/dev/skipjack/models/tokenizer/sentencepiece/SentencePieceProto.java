package dev.skipjack.models.tokenizer.sentencepiece;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.container.SideFiles;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a SentencePiece model file, {@code tokenizer.model}, says, as far as encoding needs it.
 * Immutable once read.
 *
 * <p>Source of the format: SentencePiece, {@code sentencepiece_model.proto}.
 */
public final class SentencePieceProto {
  static final int UNIGRAM = 1;
  static final int BPE = 2;

  private final List<Piece> pieces = new ArrayList<>();
  private int modelType = UNIGRAM;
  private boolean byteFallback;
  private int unknownId;
  private int bosId = 1;
  private int eosId = 2;
  private byte[] charsMap = {};
  private boolean spacePrefix = true;
  private boolean singleSpaces = true;

  /**
   * An entry of the vocabulary.
   *
   * @param score merge priority or log probability, higher first
   */
  public record Piece(String text, float score, TokenKind kind) {}

  private SentencePieceProto() {}

  /**
   * Reads a file.
   *
   * @throws ModelFormatException if it cannot be read or is no such model
   */
  public static SentencePieceProto read(Path file) {
    try {
      return parse(SideFiles.bytes(file));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          "%s: found %s, expected a SentencePiece model".formatted(file, e.getMessage()), e);
    }
  }

  /** The vocabulary, by id; at least one. */
  public List<Piece> pieces() {
    return Collections.unmodifiableList(pieces);
  }

  /** Whether the model merges pairs by score; if not, it is most likely a unigram model. */
  public boolean isBytePair() {
    return modelType == BPE;
  }

  /** The number of the algorithm. */
  int modelType() {
    return modelType;
  }

  /** Whether what cannot be spelled is spelled with bytes. */
  boolean byteFallback() {
    return byteFallback;
  }

  /** Absent tokens have id -1. */
  int unknownId() {
    return unknownId;
  }

  int bosId() {
    return bosId;
  }

  int eosId() {
    return eosId;
  }

  /** The compiled character map; empty for none. */
  byte[] charsMap() {
    return charsMap.clone();
  }

  /** Whether a text gets a space in front. */
  public boolean spacePrefix() {
    return spacePrefix;
  }

  /** Whether surplus spaces are dropped. */
  public boolean singleSpaces() {
    return singleSpaces;
  }

  /**
   * @throws IllegalArgumentException if these bytes are no such message
   */
  private static SentencePieceProto parse(byte[] bytes) {
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
    if (proto.pieces.isEmpty()) {
      throw new IllegalArgumentException("no pieces");
    }
    return proto;
  }

  private void readPiece(ProtoReader reader) {
    String piece = "";
    float score = 0;
    long kind = TokenKind.NORMAL.number();
    while (reader.hasNext()) {
      switch (reader.nextField()) {
        case 1 -> piece = reader.text();
        case 2 -> score = reader.number();
        case 3 -> kind = reader.integer();
        default -> reader.skip();
      }
    }
    if (Float.isNaN(score)) {
      throw new IllegalArgumentException("piece %d with score NaN".formatted(pieces.size()));
    }
    String found = "piece %d of type %d".formatted(pieces.size(), kind);
    pieces.add(
        new Piece(
            piece,
            score,
            TokenKind.of(kind).orElseThrow(() -> new IllegalArgumentException(found))));
  }

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
