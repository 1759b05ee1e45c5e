package dev.skipjack.models.convert.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFilesTest {
  private static final String BYTE_PAIR =
      """
      {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]},
       "added_tokens": [{"id": 3, "content": "<s>", "special": true},
                        {"id": 4, "content": "<think>", "special": false}],
       "pre_tokenizer": {"type": "ByteLevel"}, %s}
      """;

  @TempDir Path directory;
  private final List<String> warnings = new ArrayList<>();

  private static Path fixture(String name) {
    try {
      return Path.of(TokenizerFilesTest.class.getResource("/tokenizers/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void file(String name, String content) {
    try {
      Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, GgufValue> read(int size) {
    return TokenizerFiles.read(directory, size, warnings::add);
  }

  @ParameterizedTest
  @CsvSource({
    "spm, 2048, scores",
    "llama-bpe, 902, merges",
    "qwen2, 902, merges",
    "gpt-2, 902, merges",
  })
  void equalsTheVocabularyAnIndependentToolWrote(String name, int size, String ranks) {
    Map<String, GgufValue> keys = TokenizerFiles.read(fixture(name), size, warnings::add);
    try (GgufFile expected = GgufFile.open(fixture(name + "/vocab.gguf"))) {
      for (String key : List.of("model", "tokens", "token_type", ranks)) {
        String full = "tokenizer.ggml." + key;
        assertThat(keys.get(full)).as(full).isEqualTo(expected.values().get(full));
      }
      for (String key : List.of("pre", "add_space_prefix", "unknown_token_id")) {
        String full = "tokenizer.ggml." + key;
        if (expected.values().containsKey(full)) {
          assertThat(keys.get(full)).as(full).isEqualTo(expected.values().get(full));
        }
      }
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void addedTokensFollowTheVocabularyAndTheRestIsUnused() {
    file("tokenizer.json", BYTE_PAIR.formatted("\"post_processor\": null"));
    Map<String, GgufValue> keys = read(6);
    assertThat(keys)
        .containsEntry(
            "tokenizer.ggml.tokens", GgufValue.strings("a", "b", "ab", "<s>", "<think>", "[PAD5]"))
        .containsEntry(
            "tokenizer.ggml.token_type", GgufValue.integers(GgufType.I32, 1, 1, 1, 3, 4, 5))
        .containsEntry("tokenizer.ggml.pre", GgufValue.string("gpt-2"))
        .doesNotContainKeys("tokenizer.ggml.scores", "tokenizer.ggml.add_bos_token");
  }

  @Test
  void specialTokensComeFromTheConfigurationAndTheTemplate() {
    file(
        "tokenizer.json",
        BYTE_PAIR.formatted(
            """
            "post_processor": {"type": "Sequence", "processors": [{"type": "ByteLevel"},
              {"type": "TemplateProcessing",
               "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}]}]}\
            """));
    file("tokenizer_config.json", "{\"bos_token\": {\"content\": \"<s>\"}, \"pad_token\": \"b\"}");
    assertThat(read(5))
        .containsEntry("tokenizer.ggml.bos_token_id", GgufValue.u32(3))
        .containsEntry("tokenizer.ggml.padding_token_id", GgufValue.u32(1))
        .containsEntry("tokenizer.ggml.add_bos_token", GgufValue.bool(true))
        .containsEntry("tokenizer.ggml.add_eos_token", GgufValue.bool(false));
    file("tokenizer_config.json", "{\"add_bos_token\": false}");
    assertThat(read(5)).containsEntry("tokenizer.ggml.add_bos_token", GgufValue.bool(false));
  }

  @Test
  void addedTokensOfAConfigurationJoinASentencePieceVocabulary() throws IOException {
    Files.copy(fixture("spm/tokenizer.model"), directory.resolve("tokenizer.model"));
    file("added_tokens.json", "{\"<extra>\": 2048}");
    file(
        "tokenizer_config.json",
        """
        {"added_tokens_decoder": {"0": {"content": "<unk>", "special": true},
                                  "2049": {"content": "<|im_end|>", "special": true}},
         "eos_token": "<|im_end|>"}
        """);
    Map<String, GgufValue> keys = read(2050);
    long[] kinds = (long[]) keys.get("tokenizer.ggml.token_type").value();
    assertThat(Arrays.copyOfRange(kinds, 2048, 2050)).containsExactly(4, 3);
    assertThat(kinds[0]).as("unknown").isEqualTo(2);
    assertThat(keys).containsEntry("tokenizer.ggml.eos_token_id", GgufValue.u32(2049));
  }

  @Test
  void chatTemplatesKeepTheirNames() {
    file(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "default", "template": "D"},
                           {"name": "tool_use", "template": "T"}]}
        """);
    assertThat(read(5))
        .containsEntry("tokenizer.chat_template", GgufValue.string("D"))
        .containsEntry("tokenizer.chat_templates", GgufValue.strings("tool_use"))
        .containsEntry("tokenizer.chat_template.tool_use", GgufValue.string("T"));
    file("chat_template.jinja", "J");
    assertThat(read(5)).containsEntry("tokenizer.chat_template", GgufValue.string("J"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model': {'type': 'Unigram'}}|its model is Unigram",
        "{'model': {'type': 'BPE'}, 'normalizer': {'type': 'Lowercase'}}|normalises text by Low",
        "{'model': {'type': 'BPE', 'end_of_word_suffix': '/'}}|have a end_of_word_suffix",
        "{'model': {'type': 'BPE'}, 'pre_tokenizer': null}|works on characters",
        "{'model': {'type': 'BPE'}, 'pre_tokenizer': {'type': 'Metaspace'}}|by a Metaspace",
        "{'model': {'type': 'BPE'}, 'pre_tokenizer': {'type': 'Sequence', 'pretokenizers': ["
            + "{'type': 'Split', 'pattern': {'Regex': 'x+'}}, {'type': 'ByteLevel', 'use_regex':"
            + " false}]}}|no name for the way it splits text: x+",
        "{'model': {'type': 'BPE', 'vocab': {'a': 5}}, 'pre_tokenizer': {'type': 'ByteLevel'}}"
            + "|token 'a' has id 5",
      })
  void whatGgufCannotExpressIsSaid(String json, String reason) {
    file("tokenizer.json", json.replace('\'', '"'));
    assertThat(read(5)).containsOnly(Map.entry("tokenizer.ggml.model", GgufValue.string("none")));
    assertThat(warnings).singleElement().asString().contains(reason);
  }

  @Test
  void anAddedTokenNeedsANumber() {
    file("tokenizer.json", BYTE_PAIR.formatted("\"post_processor\": null"));
    file("tokenizer_config.json", "{\"added_tokens_decoder\": {\"x\": {\"content\": \"y\"}}}");
    read(5);
    assertThat(warnings).singleElement().asString().contains("has the id 'x'");
  }

  @Test
  void aDirectoryWithoutTokenizerIsConvertedWithoutOne() {
    assertThat(read(5)).containsOnlyKeys("tokenizer.ggml.model");
    assertThat(warnings).singleElement().asString().contains("neither a tokenizer.model nor");
  }

  @Test
  void brokenFilesAreRefused() throws IOException {
    byte[] model = Files.readAllBytes(fixture("spm/tokenizer.model"));
    for (int length : new int[] {0, 1, 5, model.length - 1}) {
      Files.write(directory.resolve("tokenizer.model"), Arrays.copyOf(model, length));
      assertThatThrownBy(() -> read(2048))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("tokenizer.model")
          .hasMessageContaining("a SentencePiece model");
    }
    Files.delete(directory.resolve("tokenizer.model"));
    file("tokenizer.json", "{\"model\": ");
    assertThatThrownBy(() -> read(5))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.json: not valid JSON");
    file("tokenizer.json", "{\"model\": {\"vocab\": {\"\\ud800\": 0}}}");
    assertThatThrownBy(() -> read(5)).hasMessageContaining("tokenizer.json: not valid JSON");
  }
}
