package dev.skipjack.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.models.tokenizer.normalize.Normalizers;
import dev.skipjack.models.tokenizer.special.LongestFirstSplitter;
import dev.skipjack.models.tokenizer.special.SpecialToken;
import dev.skipjack.models.tokenizer.text.ByteAlphabet;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Megabytes: a quadratic or recursive step anywhere would not come back. */
class LongTextTest {
  private static final int LENGTH = 4_000_000;

  /** Of one character, over and over. */
  private static final int RUN = 500_000;

  /** Of a stretch that looks far ahead. */
  private static final int STRETCH = 50_000;

  static Stream<Tokenizer> tokenizers() {
    return Stream.of(
        GoldenTexts.gguf("spm"),
        GoldenTexts.gguf("llama-bpe"),
        Tokenizers.fromHuggingFace(GoldenTexts.folder("gemma-like")));
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void proseIsEncodedWhole(Tokenizer tokenizer) {
    String unit = "Once upon a time, there was a little girl named Lily. ";
    assertRoundTrip(tokenizer, unit.repeat(LENGTH / unit.length()));
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void runsOfOneKindAreEncodedWhole(Tokenizer tokenizer) {
    for (String unit : new String[] {" ", "a", "7", "😀"}) {
      assertRoundTrip(tokenizer, unit.repeat(RUN));
    }
  }

  /** Stretches that make one stage or another look far ahead, again and again. */
  private static String pathological(int length) {
    StringBuilder text = new StringBuilder();
    for (String unit :
        new String[] {
          " ",
          "\n",
          "a",
          "A",
          "7",
          "\u0301\u0316",
          "😀",
          "界",
          "'",
          " \n",
          "ªA",
          "!",
          "a ",
          "<",
          "! ",
          "\r\n  ",
          "1,000 ",
          "\t"
        }) {
      text.append(unit.repeat(length / unit.length())).append("x");
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default",
        "llama-bpe",
        "dbrx",
        "qwen2",
        "qwen35",
        "gpt-2",
        "starcoder",
        "falcon",
        "deepseek-coder",
        "deepseek-llm",
        "deepseek-v3",
        "afmoe",
        "tekken",
        "gpt-4o",
        "tiny_aya",
        "kimi-k2",
        "youtu",
        "minicpm5",
        "bloom",
        "viking",
        "superbpe",
        "bailingmoe",
        "seed-coder",
        "exaone-moe",
        "jais-2",
        "laguna",
        "ufakzeka",
        "chameleon"
      })
  void everyWayOfCuttingWordsIsLinear(String pre) {
    Map<String, Object> keys = new HashMap<>();
    keys.put("tokenizer.ggml.model", "gpt2");
    keys.put("tokenizer.ggml.pre", pre);
    keys.put(
        "tokenizer.ggml.tokens",
        IntStream.range(0, 256)
            .mapToObj(value -> "" + ByteAlphabet.letter(value))
            .toArray(String[]::new));
    keys.put("tokenizer.ggml.merges", new String[0]);
    Tokenizer tokenizer = Tokenizers.fromGguf(new Metadata("test.gguf", keys));
    String text = pathological(STRETCH);
    // The flavors of Qwen compose characters.
    String expected =
        tokenizer.kind().contains("qwen") ? Normalizers.form(Form.NFC).normalize(text) : text;
    assertThat(tokenizer.decode(tokenizer.encode(text, SpecialTokens.NONE)).equals(expected))
        .isTrue();
  }

  /** Its words are whole lines, so all megabytes are merged as one. */
  @Test
  void linesThatAreOneWordAreLinear() {
    List<String> pieces = new ArrayList<>(List.of("<unk>", "a", "b", "aa", "aaaa", "\u2581", "\n"));
    List<Integer> kinds = new ArrayList<>(List.of(2, 1, 1, 1, 1, 1, 1));
    for (int value = 0; value < 256; value++) {
      pieces.add("<0x%02X>".formatted(value));
      kinds.add(6);
    }
    Map<String, Object> keys = new HashMap<>();
    keys.put("tokenizer.ggml.model", "gemma4");
    keys.put("tokenizer.ggml.tokens", pieces.toArray(String[]::new));
    keys.put("tokenizer.ggml.token_type", kinds.stream().mapToLong(Integer::intValue).toArray());
    keys.put("tokenizer.ggml.merges", new String[] {"a a", "aa aa"});
    keys.put("tokenizer.ggml.unknown_token_id", 0L);
    Tokenizer tokenizer = Tokenizers.fromGguf(new Metadata("test.gguf", keys));

    assertThat(tokenizer.encode("a".repeat(LENGTH), SpecialTokens.NONE)).hasSize(LENGTH / 4);
    assertRoundTrip(tokenizer, "aab ".repeat(RUN / 2));
    assertRoundTrip(tokenizer, "\u00e9b".repeat(RUN / 2));
    assertRoundTrip(tokenizer, pathological(STRETCH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stories",
        "unigram-json",
        "unigram-model",
        "wordpiece",
        "odd-regex",
        "o200k",
        "roberta"
      })
  void everyPipelineIsLinear(String name) {
    Tokenizer tokenizer = Tokenizers.fromHuggingFace(GoldenTexts.folder(name));
    assertThat(tokenizer.encode(pathological(STRETCH), SpecialTokens.NONE)).isNotEmpty();
  }

  /** A model file may declare thousands of tokens, and a text may spell them all. */
  @Test
  void tokensSpelledOutInATextAreFoundInOneGo() {
    int count = 5000;
    List<SpecialToken> tokens =
        IntStream.range(0, count)
            .mapToObj(id -> new SpecialToken(id, "<unused%04d>".formatted(id), false))
            .toList();
    String prose = "Once upon a time ".repeat(LENGTH / 17);
    StringBuilder text = new StringBuilder(prose);
    tokens.forEach(token -> text.append(token.spelling()).append(' '));
    assertThat(new LongestFirstSplitter(tokens).split(text.toString(), false))
        .hasSize(2 * count + 1);
  }

  /** Every pair joins, ever again: the worst case for the heap and the linked list. */
  @Test
  void aWordThatJoinsAtEveryLevelIsMergedInOneGo() {
    int levels = 14;
    String[] tokens = new String[levels];
    String[] merges = new String[levels - 1];
    tokens[0] = "a";
    for (int i = 1; i < levels; i++) {
      tokens[i] = tokens[i - 1].repeat(2);
      merges[i - 1] = tokens[i - 1] + " " + tokens[i - 1];
    }
    double[] scores = IntStream.range(0, levels).mapToDouble(i -> -i).toArray();
    Map<String, Object> bpe =
        Map.of(
            "tokenizer.ggml.model",
            "gpt2",
            "tokenizer.ggml.pre",
            "gpt-2",
            "tokenizer.ggml.tokens",
            tokens,
            "tokenizer.ggml.merges",
            merges);
    Map<String, Object> spm =
        Map.of(
            "tokenizer.ggml.model",
            "llama",
            "tokenizer.ggml.add_space_prefix",
            false,
            "tokenizer.ggml.tokens",
            tokens,
            "tokenizer.ggml.scores",
            scores);
    int words = 40;
    String text = tokens[levels - 1].repeat(words);
    for (Map<String, Object> keys : List.of(bpe, spm)) {
      Tokenizer tokenizer = Tokenizers.fromGguf(new Metadata("test.gguf", keys));
      assertThat(tokenizer.encode(text, SpecialTokens.NONE))
          .hasSize(words)
          .containsOnly(levels - 1);
    }
  }

  private static void assertRoundTrip(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text, SpecialTokens.NONE);
    // Comparing without AssertJ: a failure would print the texts.
    assertThat(tokenizer.decode(ids).equals(text)).as("round trip").isTrue();
  }
}
