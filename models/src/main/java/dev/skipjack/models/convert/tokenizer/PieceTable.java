package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.models.tokenizer.sentencepiece.SentencePieceProto.Piece;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import java.util.Map;
import java.util.OptionalInt;

/** A vocabulary with one slot per row of the embeddings. Not thread-safe. */
final class PieceTable {
  private static final float UNUSED_SCORE = -10000;

  /** Lower than any score of a trained vocabulary. */
  private static final float ADDED_SCORE = -1000;

  private final Piece[] pieces;

  /** A table of {@code [size]} slots without meaning, as models pad their embeddings. */
  PieceTable(int size) {
    pieces = new Piece[size];
    for (int id = 0; id < size; id++) {
      pieces[id] = new Piece("[PAD%d]".formatted(id), UNUSED_SCORE, TokenKind.UNUSED);
    }
  }

  /**
   * Fills a slot, perhaps anew.
   *
   * @throws UnconvertibleTokenizerException if the model has no embedding for it
   */
  void set(long id, Piece piece) throws UnconvertibleTokenizerException {
    if (id < 0 || id >= pieces.length) {
      throw new UnconvertibleTokenizerException(
          "token '%s' has id %d, but the model's vocabulary ends at %d"
              .formatted(piece.text(), id, pieces.length - 1));
    }
    pieces[(int) id] = piece;
  }

  /**
   * Fills a slot with a token that was added to the trained vocabulary; one that is there already
   * keeps what is known of it, except that it becomes a token of its own.
   */
  void add(long id, String text, boolean special) throws UnconvertibleTokenizerException {
    boolean known = id >= 0 && id < pieces.length && pieces[(int) id].text().equals(text);
    if (!known || pieces[(int) id].kind() == TokenKind.NORMAL) {
      set(id, new Piece(text, ADDED_SCORE, special ? TokenKind.CONTROL : TokenKind.USER_DEFINED));
    }
  }

  OptionalInt id(String text) {
    for (int id = 0; id < pieces.length; id++) {
      if (pieces[id].text().equals(text)) {
        return OptionalInt.of(id);
      }
    }
    return OptionalInt.empty();
  }

  void write(Map<String, GgufValue> keys, boolean scores) {
    String[] texts = new String[pieces.length];
    double[] priorities = new double[pieces.length];
    long[] kinds = new long[pieces.length];
    for (int id = 0; id < pieces.length; id++) {
      texts[id] = pieces[id].text();
      priorities[id] = pieces[id].score();
      kinds[id] = pieces[id].kind().number();
    }
    keys.put("tokenizer.ggml.tokens", GgufValue.strings(texts));
    if (scores) {
      keys.put("tokenizer.ggml.scores", GgufValue.numbers(GgufType.F32, priorities));
    }
    keys.put("tokenizer.ggml.token_type", GgufValue.integers(GgufType.I32, kinds));
  }
}
