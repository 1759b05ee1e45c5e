package dev.skipjack.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the keys of a GGUF file mean, and which contradictions are refused. */
class GgufMetadataTest {
  private static final String PREFIX = "tokenizer.ggml.";

  private static Map<String, Object> spm() {
    Map<String, Object> keys = new HashMap<>();
    keys.put("model", "llama");
    keys.put(
        "tokens",
        new String[] {
          "<unk>", "<s>", "</s>", "\u2581", "a", "b", "ab", "<|im_end|>", "a b", "<x>"
        });
    keys.put("scores", new double[] {0, 0, 0, -4, -3, -2, -1, 0, 0, 0});
    keys.put("token_type", new long[] {2, 3, 3, 1, 1, 1, 1, 4, 4, 3});
    return keys;
  }

  private static Map<String, Object> bpe() {
    Map<String, Object> keys = new HashMap<>();
    keys.put("model", "gpt2");
    keys.put("pre", "llama-bpe");
    keys.put("tokens", new String[] {"a", "b", "ab", "<|eot_id|>"});
    keys.put("token_type", new long[] {1, 1, 1, 1});
    keys.put("merges", new String[] {"a b"});
    return keys;
  }

  private static Tokenizer load(Map<String, Object> keys) {
    Map<String, Object> values = new HashMap<>();
    keys.forEach((key, value) -> values.put(PREFIX + key, value));
    return Tokenizers.fromGguf(new Metadata("test.gguf", values));
  }

  @Test
  void sentencePieceHasItsCustomaryTokens() {
    Tokenizer tokenizer = load(spm());
    assertThat(tokenizer.bos()).hasValue(1);
    assertThat(tokenizer.eos()).hasValue(2);
    assertThat(tokenizer.encode("ab", SpecialTokens.PROMPT)).containsExactly(1, 3, 6);
    assertThat(tokenizer.kind()).isEqualTo("SPM");
    assertThat(tokenizer.piece(6)).isEqualTo("ab");
  }

  @Test
  void tokensThatEndATurnEndGenerationWhateverTheirType() {
    Tokenizer tokenizer = load(spm());
    assertThat(tokenizer.endsGeneration(7)).isTrue();
    assertThat(tokenizer.endsGeneration(2)).isTrue();
    assertThat(tokenizer.endsGeneration(1)).isFalse();
    assertThat(tokenizer.decode(4, 7)).isEqualTo("a");
    assertThat(load(bpe()).endsGeneration(3)).isTrue();
  }

  @Test
  void controlTokensAreFoundOnlyWhenAskedFor() {
    Tokenizer tokenizer = load(spm());
    assertThat(tokenizer.encode("a<x>b", SpecialTokens.TEMPLATE)).containsExactly(3, 4, 9, 3, 5);
    assertThat(tokenizer.encode("a<x>b", SpecialTokens.NONE)).doesNotContain(9);
  }

  @Test
  void userDefinedTextIsAlwaysOneToken() {
    assertThat(load(spm()).encode("ba bb", SpecialTokens.NONE)).containsExactly(3, 5, 8, 3, 5);
  }

  @Test
  void addBosAndAddEosAreObeyed() {
    Map<String, Object> keys = spm();
    keys.put("add_bos_token", false);
    keys.put("add_eos_token", true);
    keys.put("add_space_prefix", false);
    assertThat(load(keys).encode("ab", SpecialTokens.PROMPT)).containsExactly(6, 2);
  }

  @Test
  void charactersNobodySpellsAreUnknown() {
    assertThat(load(spm()).encode("a?", SpecialTokens.NONE)).containsExactly(3, 4, 0);
  }

  @Test
  void aMissingPreIsTheDefaultOne() {
    Map<String, Object> keys = bpe();
    keys.remove("pre");
    assertThat(load(keys).kind()).isEqualTo("BPE (default)");
  }

  @Test
  void wordPieceMarksTheStartsOfWords() {
    Map<String, Object> keys = new HashMap<>();
    keys.put("model", "bert");
    keys.put(
        "tokens",
        new String[] {"[UNK]", "[CLS]", "[SEP]", "\u2581un", "able", "\u2581!", "\u2581a"});
    keys.put("token_type", new long[] {2, 3, 3, 1, 1, 1, 1});
    keys.put("unknown_token_id", 0L);
    keys.put("cls_token_id", 1L);
    keys.put("seperator_token_id", 2L);
    Tokenizer tokenizer = load(keys);
    assertThat(tokenizer.encode("  Unáble! a xyz", SpecialTokens.PROMPT))
        .containsExactly(1, 3, 4, 5, 6, 0, 2);
    assertThat(tokenizer.decode(1, 3, 4, 5, 6, 2)).isEqualTo("unable ! a");
  }

  @Test
  void unigramTakesTheLikeliestSpelling() {
    Map<String, Object> keys = new HashMap<>();
    keys.put("model", "t5");
    keys.put(
        "tokens", new String[] {"<pad>", "</s>", "<unk>", "\u2581", "a", "b", "ab", "\u2581a"});
    keys.put("scores", new double[] {0, 0, 0, -2, -3, -3, -7, -4});
    keys.put("token_type", new long[] {3, 3, 2, 1, 1, 1, 1, 1});
    // (▁a)(b) scores -7, (▁)(a)(b) -8, (▁)(ab) -9.
    assertThat(load(keys).encode("ab??", SpecialTokens.PROMPT)).containsExactly(7, 5, 2, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "bos_token_id, 10",
    "eos_token_id, -1",
    "unknown_token_id, 99",
    "eot_token_id, 2147483647"
  })
  void idsOutsideTheVocabularyAreRefused(String key, long id) {
    Map<String, Object> keys = spm();
    keys.put(key, id);
    assertRefused(keys, key, "a token id below 10");
  }

  @Test
  void listsOfAnotherLengthAreRefused() {
    Map<String, Object> scores = spm();
    scores.put("scores", new double[] {1, 2});
    assertRefused(scores, "scores", "2 entries, expected 10");
    Map<String, Object> types = spm();
    types.put("token_type", new long[] {1});
    assertRefused(types, "token_type", "1 entries, expected 10");
  }

  @Test
  void impossibleValuesAreRefused() {
    Map<String, Object> type = bpe();
    type.put("token_type", new long[] {1, 1, 7, 1});
    assertRefused(type, "token_type", "7 for token 2");
    Map<String, Object> score = spm();
    score.put("scores", new double[] {0, 0, 0, 0, Double.NaN, 0, 0, 0, 0, 0});
    assertRefused(score, "scores", "NaN for token 4");
    Map<String, Object> empty = spm();
    empty.put("tokens", new String[0]);
    assertRefused(empty, "tokens", "no token");
  }

  @ParameterizedTest
  @CsvSource({"'a c', c", "'ab', separated by a blank", "'a ', separated by a blank", "'b a', ba"})
  void mergesOfNoTokensAreRefused(String merge, String message) {
    Map<String, Object> keys = bpe();
    keys.put("merges", new String[] {merge});
    assertRefused(keys, "merges", message);
  }

  @Test
  void unknownKindsAreNamed() {
    Map<String, Object> pre = bpe();
    pre.put("pre", "klingon");
    assertRefused(pre, "pre", "\"klingon\", expected one of [a.x-4.0, afmoe,");
    assertRefused(pre, "pre", "youtu]; a directory with the model's tokenizer.json says how");
    Map<String, Object> model = bpe();
    model.put("model", "rwkv");
    assertRefused(model, "model", "\"rwkv\"");
  }

  private static void assertRefused(Map<String, Object> keys, String key, String message) {
    assertThatThrownBy(() -> load(keys))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("test.gguf", PREFIX + key, message);
  }
}
