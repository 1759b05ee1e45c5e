package dev.skipjack.models.tokenizer.gguf;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.tokenizer.special.EndOfGeneration;
import dev.skipjack.models.tokenizer.special.LongestFirstSplitter;
import dev.skipjack.models.tokenizer.special.SpecialToken;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The validated {@code tokenizer.ggml.*} keys of a GGUF file. */
final class GgufTokenData {
  private static final String PREFIX = "tokenizer.ggml.";

  private final Metadata metadata;
  private final Vocabulary vocabulary;

  /**
   * @throws ModelFormatException if the token list is missing or contradicts its companions
   */
  GgufTokenData(Metadata metadata) {
    this.metadata = metadata;
    List<String> pieces =
        metadata
            .strings(PREFIX + "tokens")
            .filter(tokens -> !tokens.isEmpty())
            .orElseThrow(() -> failure("tokens", "no token", "a vocabulary"));
    this.vocabulary = new Vocabulary(pieces, kinds(pieces));
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The file, for messages. */
  String source() {
    return metadata.source();
  }

  /** The merges of a BPE vocabulary, lowest rank first. */
  List<String> merges() {
    return metadata
        .strings(PREFIX + "merges")
        .orElseThrow(() -> failure("merges", "nothing", "the merges of a BPE vocabulary"));
  }

  /** The bytes of an array; none when the key is missing. */
  byte[] bytes(String key) {
    long[] stored = metadata.integers(PREFIX + key).orElseGet(() -> new long[0]);
    byte[] bytes = new byte[stored.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) stored[i];
    }
    return bytes;
  }

  /** The value of a key such as {@code pre}. */
  Optional<String> text(String key) {
    return metadata.string(PREFIX + key);
  }

  /** One score per token. */
  float[] scores() {
    double[] stored =
        metadata
            .numbers(PREFIX + "scores")
            .orElseThrow(() -> failure("scores", "nothing", "a score per token"));
    requireOnePerToken("scores", stored.length, vocabulary.size());
    float[] scores = new float[stored.length];
    for (int id = 0; id < scores.length; id++) {
      if (Double.isNaN(stored[id])) {
        throw failure("scores", "NaN for token " + id, "a number");
      }
      scores[id] = (float) stored[id];
    }
    return scores;
  }

  /** The token that a key such as {@code bos_token_id} names. */
  OptionalInt tokenId(String key) {
    OptionalInt id = metadata.integer(PREFIX + key);
    if (id.isPresent() && (id.getAsInt() < 0 || id.getAsInt() >= vocabulary.size())) {
      throw failure(key, "" + id.getAsInt(), "a token id below " + vocabulary.size());
    }
    return id;
  }

  /**
   * The token that a key names, else the customary one when the vocabulary has such a token there.
   */
  OptionalInt tokenId(String key, int customary, TokenKind kind) {
    OptionalInt id = tokenId(key);
    boolean fits =
        customary < vocabulary.size()
            && (!metadata.has(PREFIX + "token_type") || vocabulary.kind(customary) == kind);
    return id.isPresent() || !fits ? id : OptionalInt.of(customary);
  }

  boolean flag(String key, boolean otherwise) {
    return metadata.bool(PREFIX + key).orElse(otherwise);
  }

  /** The finder of tokens that are spelled out in a text. */
  LongestFirstSplitter splitter() {
    String name = metadata.string("general.name").orElse("").toLowerCase(Locale.ROOT);
    boolean phi3 = name.contains("phi-3") || name.contains("phi3");
    List<SpecialToken> tokens = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      String piece = vocabulary.piece(id);
      switch (vocabulary.kind(id)) {
        case USER_DEFINED -> tokens.add(new SpecialToken(id, piece, false));
        case CONTROL, UNKNOWN ->
            tokens.add(new SpecialToken(id, piece, true, false, phi3 && eatsSpace(piece), false));
        case NORMAL, UNUSED, BYTE -> {}
      }
    }
    return new LongestFirstSplitter(tokens);
  }

  /** Phi-3 was trained with whitespace after its turn markers removed; GGUF does not store that. */
  private static boolean eatsSpace(String phi3Token) {
    return !Set.of("<unk>", "<s>", "<|endoftext|>").contains(phi3Token);
  }

  ModelFormatException failure(String key, String found, String expected) {
    return new ModelFormatException(metadata.source(), "key " + PREFIX + key, found, expected);
  }

  private List<TokenKind> kinds(List<String> pieces) {
    List<TokenKind> kinds = new ArrayList<>(Collections.nCopies(pieces.size(), TokenKind.NORMAL));
    metadata
        .integers(PREFIX + "token_type")
        .ifPresent(
            types -> {
              requireOnePerToken("token_type", types.length, pieces.size());
              for (int id = 0; id < types.length; id++) {
                kinds.set(id, kind(id, types[id]));
              }
            });
    for (int id = 0; id < pieces.size(); id++) {
      if (EndOfGeneration.isSpelling(pieces.get(id))) {
        // Converters often mark these as normal or user-defined text.
        kinds.set(id, TokenKind.CONTROL);
      }
    }
    return kinds;
  }

  private TokenKind kind(int id, long type) {
    return TokenKind.of(type)
        .orElseThrow(() -> failure("token_type", type + " for token " + id, "a type from 1 to 6"));
  }

  private void requireOnePerToken(String key, int found, int tokens) {
    if (found != tokens) {
      throw failure(key, found + " entries", tokens + ", one per token");
    }
  }
}
