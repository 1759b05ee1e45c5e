package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.container.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code tokenizer.model} says.
 *
 * <p>Source of the format: sentencepiece, {@code sentencepiece_model.proto}.
 *
 * @param spacePrefix whether a text gets a space in front
 * @param collapseSpaces whether surplus white space is dropped
 */
record SentencePieceModel(
    List<Piece> pieces, boolean bytePair, boolean spacePrefix, boolean collapseSpaces) {
  private static final int PIECE = 1;
  private static final int TRAINER = 2;
  private static final int NORMALIZER = 3;

  private static final int PIECE_TEXT = 1;
  private static final int PIECE_SCORE = 2;
  private static final int PIECE_KIND = 3;

  private static final int TRAINER_MODEL_TYPE = 3;
  private static final int UNIGRAM = 1;
  private static final int BYTE_PAIR = 2;

  private static final int NORMALIZER_SPACE_PREFIX = 3;
  private static final int NORMALIZER_COLLAPSE_SPACES = 4;

  /**
   * Reads a file.
   *
   * @throws ModelFormatException if it cannot be read or is no SentencePiece model
   */
  static SentencePieceModel read(Path file) {
    Protobuf model;
    try {
      model = new Protobuf(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw ModelFormatException.unreadable(file, e);
    }
    List<Piece> pieces = new ArrayList<>();
    long modelType = UNIGRAM;
    boolean spacePrefix = true;
    boolean collapseSpaces = true;
    while (model.next()) {
      switch (model.field()) {
        case PIECE -> pieces.add(piece(model.message(), file, pieces.size()));
        case TRAINER -> modelType = integer(model.message(), TRAINER_MODEL_TYPE, modelType);
        case NORMALIZER -> {
          spacePrefix = integer(model.message(), NORMALIZER_SPACE_PREFIX, 1) != 0;
          collapseSpaces = integer(model.message(), NORMALIZER_COLLAPSE_SPACES, 1) != 0;
        }
        default -> {}
      }
    }
    if (pieces.isEmpty()) {
      throw new ModelFormatException(file.toString(), "file", "no pieces", "a SentencePiece model");
    }
    return new SentencePieceModel(pieces, modelType == BYTE_PAIR, spacePrefix, collapseSpaces);
  }

  private static Piece piece(Protobuf message, Path file, int id) {
    String text = "";
    float score = 0;
    long kind = Piece.Kind.NORMAL.number();
    while (message.next()) {
      switch (message.field()) {
        case PIECE_TEXT -> text = message.text();
        case PIECE_SCORE -> score = message.single();
        case PIECE_KIND -> kind = message.integer();
        default -> {}
      }
    }
    long number = kind;
    return new Piece(
        text,
        score,
        Piece.Kind.of(kind)
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        file.toString(), "piece " + id, "type " + number, "1 to 6")));
  }

  private static long integer(Protobuf message, int field, long absent) {
    long value = absent;
    while (message.next()) {
      if (message.field() == field) {
        value = message.integer();
      }
    }
    return value;
  }
}
