package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.models.tokenizer.sentencepiece.SentencePieceProto;
import dev.skipjack.models.tokenizer.sentencepiece.SentencePieceProto.Piece;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The tokenizer of a Hugging Face directory: SentencePiece BPE from {@code tokenizer.model}, else
 * byte-level BPE from {@code tokenizer.json}, with special tokens and chat templates. Stateless.
 */
public final class TokenizerFiles {
  private static final String MODEL_KEY = "tokenizer.ggml.model";

  private TokenizerFiles() {}

  /**
   * Reads the files as {@code tokenizer.*} keys. A tokenizer that GGUF cannot express becomes a
   * warning, and the keys say that there is none.
   *
   * @param vocabularySize rows of the embeddings
   * @throws dev.skipjack.loader.container.ModelFormatException if a file cannot be read or breaks
   *     its format
   */
  public static Map<String, GgufValue> read(
      Path directory, int vocabularySize, Consumer<String> warnings) {
    Map<String, GgufValue> keys = new LinkedHashMap<>();
    JsonNode config = JsonFile.read(directory.resolve("tokenizer_config.json"));
    try {
      readVocabulary(directory, config, vocabularySize, keys);
    } catch (UnconvertibleTokenizerException e) {
      keys.clear();
      keys.put(MODEL_KEY, GgufValue.string("none"));
      warnings.accept(
          "%s: the tokenizer is not converted, as %s; the output works with token ids only"
              .formatted(directory, e.getMessage()));
    }
    TemplateKeys.write(directory, keys);
    return keys;
  }

  private static void readVocabulary(
      Path directory, JsonNode config, int vocabularySize, Map<String, GgufValue> keys)
      throws UnconvertibleTokenizerException {
    Path sentencePiece = directory.resolve("tokenizer.model");
    Path json = directory.resolve("tokenizer.json");
    PieceTable pieces = new PieceTable(vocabularySize);
    JsonNode tokenizer = JsonFile.read(json);
    boolean scored = Files.exists(sentencePiece);
    if (scored) {
      fill(SentencePieceProto.read(sentencePiece), pieces, keys);
    } else if (Files.exists(json)) {
      BytePairFile.read(tokenizer, pieces, keys);
    } else {
      throw new UnconvertibleTokenizerException(
          "there is neither a tokenizer.model nor a tokenizer.json");
    }
    JsonNode added = JsonFile.read(directory.resolve("added_tokens.json"));
    SpecialTokenKeys.mark(tokenizer, config, added, pieces);
    SpecialTokenKeys.write(tokenizer, config, pieces, keys);
    pieces.write(keys, scored);
  }

  private static void fill(SentencePieceProto model, PieceTable pieces, Map<String, GgufValue> keys)
      throws UnconvertibleTokenizerException {
    if (!model.isBytePair()) {
      throw new UnconvertibleTokenizerException(
          "its SentencePiece model is unigram, only BPE can be converted");
    }
    List<Piece> known = model.pieces();
    for (int id = 0; id < known.size(); id++) {
      pieces.set(id, known.get(id));
      if (known.get(id).kind() == TokenKind.UNKNOWN) {
        keys.put("tokenizer.ggml.unknown_token_id", GgufValue.u32(id));
      }
    }
    keys.put(MODEL_KEY, GgufValue.string("llama"));
    keys.put("tokenizer.ggml.pre", GgufValue.string("default"));
    keys.put("tokenizer.ggml.add_space_prefix", GgufValue.bool(model.spacePrefix()));
    if (model.singleSpaces()) {
      keys.put("tokenizer.ggml.remove_extra_whitespaces", GgufValue.bool(true));
    }
  }
}
