package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Collects the tokens of a model and those added to it, each at its id. */
final class ModelVocabulary {
  /** Far above any real vocabulary; ids beyond would only be there to exhaust memory. */
  private static final int MOST_IDS = 1 << 23;

  private final TokenizerFile file;
  private final List<String> pieces = new ArrayList<>();
  private final List<TokenKind> kinds = new ArrayList<>();

  private ModelVocabulary(TokenizerFile file) {
    this.file = file;
  }

  /** The vocabulary of a {@code tokenizer.json}; ids that nothing claims are unused. */
  static Vocabulary read(TokenizerFile file, List<AddedToken> added) {
    ModelVocabulary vocabulary = new ModelVocabulary(file);
    JsonNode model = file.root().path("model");
    vocabulary.addModel(model);
    for (AddedToken token : added) {
      vocabulary.put(
          token.id(),
          token.content(),
          token.special() ? TokenKind.CONTROL : TokenKind.USER_DEFINED);
    }
    if (vocabulary.pieces.isEmpty()) {
      throw file.failure("model.vocab", "no token", "a vocabulary");
    }
    return new Vocabulary(vocabulary.pieces, vocabulary.kinds);
  }

  /** The type of a model; old files leave it to be guessed. */
  static String type(JsonNode model) {
    return TokenizerFile.text(model, "type")
        .orElseGet(
            () ->
                model.has("merges")
                    ? "BPE"
                    : model.path("vocab").isArray()
                        ? "Unigram"
                        : model.has("continuing_subword_prefix") ? "WordPiece" : "WordLevel");
  }

  private void addModel(JsonNode model) {
    boolean bytes = model.path("byte_fallback").asBoolean(false);
    String unknown = model.path("unk_token").asString("");
    JsonNode vocab = model.path("vocab");
    if (vocab.isArray()) {
      for (JsonNode entry : vocab) {
        String piece = entry.path(0).asString("");
        boolean isUnknown = pieces.size() == model.path("unk_id").asInt(-1);
        put(pieces.size(), piece, kind(piece, isUnknown, bytes));
      }
    } else {
      for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
        String piece = entry.getKey();
        JsonNode id = entry.getValue();
        if (!id.isInt()) {
          throw file.failure("model.vocab[\"" + piece + "\"]", id.toString(), "a token id");
        }
        put(id.intValue(), piece, kind(piece, piece.equals(unknown), bytes));
      }
    }
  }

  private static TokenKind kind(String piece, boolean unknown, boolean bytes) {
    if (unknown) {
      return TokenKind.UNKNOWN;
    }
    return bytes && Vocabulary.byteValue(piece) >= 0 ? TokenKind.BYTE : TokenKind.NORMAL;
  }

  private void put(int id, String piece, TokenKind kind) {
    if (id < 0 || id >= MOST_IDS) {
      throw file.failure("token \"" + piece + "\"", "id " + id, "an id below " + MOST_IDS);
    }
    while (pieces.size() <= id) {
      pieces.add("");
      kinds.add(TokenKind.UNUSED);
    }
    pieces.set(id, piece);
    kinds.set(id, kind);
  }
}
