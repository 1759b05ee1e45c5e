package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.models.tokenizer.pipeline.SubwordModel;
import dev.skipjack.models.tokenizer.subword.ByteFallback;
import dev.skipjack.models.tokenizer.subword.ByteLevelBpe;
import dev.skipjack.models.tokenizer.subword.CharacterBpe;
import dev.skipjack.models.tokenizer.subword.CharacterBpe.WordMarks;
import dev.skipjack.models.tokenizer.subword.MergeRules;
import dev.skipjack.models.tokenizer.subword.UnigramModel;
import dev.skipjack.models.tokenizer.subword.WordPieceModel;
import dev.skipjack.models.tokenizer.vocabulary.PieceTrie;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * Reads the {@code model} of a {@code tokenizer.json}.
 *
 * @param byteLevel whether pieces are spelled by their bytes
 */
record ModelReader(TokenizerFile file, Vocabulary vocabulary, boolean byteLevel) {
  private static final int LONGEST_WORD = 100;

  SubwordModel read(JsonNode model) {
    return switch (ModelVocabulary.type(model)) {
      case "BPE" -> bytePair(model);
      case "Unigram" -> unigram(model);
      case "WordPiece" -> wordPiece(model);
      case "WordLevel" -> wordLevel(model);
      default -> throw file.unsupported("model", model);
    };
  }

  private SubwordModel bytePair(JsonNode model) {
    boolean ignoreMerges = model.path("ignore_merges").asBoolean(false);
    String prefix = model.path("continuing_subword_prefix").asString("");
    MergeRules merges = merges(model.path("merges"), prefix);
    if (byteLevel) {
      return new ByteLevelBpe(vocabulary, merges, ignoreMerges);
    }
    WordMarks marks = new WordMarks(prefix, model.path("end_of_word_suffix").asString(""));
    ByteFallback fallback =
        fallback(model, unknown(model), model.path("fuse_unk").asBoolean(false));
    return new CharacterBpe(vocabulary, merges, marks, ignoreMerges, fallback);
  }

  /** Merges are {@code "a b"} or {@code ["a", "b"]}. */
  private MergeRules merges(JsonNode merges, String prefix) {
    MergeRules rules = new MergeRules(vocabulary, prefix);
    int rank = 0;
    for (JsonNode merge : merges) {
      String where = "model.merges[" + rank++ + "]";
      String joined = merge.asString("");
      int blank = joined.indexOf(' ', 1);
      if (!merge.isArray() && blank < 0 || merge.isArray() && merge.size() != 2) {
        throw file.failure(where, merge.toString(), "a pair of tokens");
      }
      try {
        if (merge.isArray()) {
          rules.add(merge.get(0).asString(""), merge.get(1).asString(""));
        } else {
          rules.add(joined.substring(0, blank), joined.substring(blank + 1));
        }
      } catch (IllegalArgumentException e) {
        throw file.failure(where, e.getMessage(), "merges of tokens");
      }
    }
    return rules;
  }

  private SubwordModel unigram(JsonNode model) {
    float[] scores = new float[vocabulary.size()];
    int id = 0;
    for (JsonNode entry : model.path("vocab")) {
      scores[id++] = (float) entry.path(1).asDouble(0);
    }
    OptionalInt unknown =
        model.path("unk_id").isInt()
            ? OptionalInt.of(model.path("unk_id").intValue())
            : OptionalInt.empty();
    return new UnigramModel(vocabulary, scores, fallback(model, unknown, true));
  }

  private SubwordModel wordPiece(JsonNode model) {
    String prefix = model.path("continuing_subword_prefix").asString("##");
    PieceTrie starts = new PieceTrie();
    PieceTrie continuations = new PieceTrie();
    for (int id = 0; id < vocabulary.size(); id++) {
      String piece = vocabulary.piece(id);
      if (vocabulary.kind(id) == TokenKind.NORMAL && !piece.isEmpty()) {
        starts.add(piece, id);
        if (piece.startsWith(prefix) && piece.length() > prefix.length()) {
          continuations.add(piece.substring(prefix.length()), id);
        }
      }
    }
    int longest = model.path("max_input_chars_per_word").asInt(LONGEST_WORD);
    return new WordPieceModel(starts, continuations, unknown(model), longest);
  }

  private SubwordModel wordLevel(JsonNode model) {
    int unknown = unknown(model).orElse(-1);
    return (piece, ids) -> {
      int id = vocabulary.id(piece).orElse(unknown);
      if (id >= 0) {
        ids.add(id);
      }
    };
  }

  private ByteFallback fallback(JsonNode model, OptionalInt unknown, boolean fuse) {
    return new ByteFallback(
        vocabulary, model.path("byte_fallback").asBoolean(false), unknown, fuse);
  }

  private OptionalInt unknown(JsonNode model) {
    return TokenizerFile.text(model, "unk_token").map(vocabulary::id).orElseGet(OptionalInt::empty);
  }
}
