package dev.skipjack.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Vocabularies that spell every byte lose nothing, however the text is cut. */
class RoundTripTest {
  private static final String MIXED = "👩‍👩‍👧‍👦 日本語 e\u0301 \u0000 मनीष 🇫🇷 𝒜x\r\n";

  private final Map<String, Tokenizer> gguf = load(GoldenTexts::gguf, "spm", "llama-bpe", "gpt-2");
  private final Map<String, Tokenizer> json =
      load(
          name -> Tokenizers.fromHuggingFace(GoldenTexts.folder(name)),
          "stories",
          "llama-bpe",
          "gemma-like",
          "deepseek-v3",
          "o200k");

  @Property(tries = 400, seed = "20261124")
  void decodingGivesTheTextBack(@ForAll("texts") String text) {
    Stream.concat(gguf.values().stream(), json.values().stream())
        .forEach(
            tokenizer -> {
              int[] ids = tokenizer.encode(text, SpecialTokens.PROMPT);
              assertThat(tokenizer.decode(ids)).as(tokenizer.kind()).isEqualTo(text);
            });
  }

  @Property(tries = 400, seed = "20261125")
  void streamingGivesWhatDecodingTheWholeGives(@ForAll("texts") String text, @ForAll int seed) {
    for (Tokenizer tokenizer : gguf.values()) {
      // Arbitrary ids: mostly no valid UTF-8 at all.
      int[] ids = new Random(seed).ints(50, 0, tokenizer.vocabularySize()).toArray();
      TextDecoder decoder = tokenizer.newDecoder();
      StringBuilder streamed = new StringBuilder();
      for (int id : ids) {
        String part = decoder.append(id);
        assertThat(part).doesNotMatch("(?s).*[\uD800-\uDBFF]$");
        streamed.append(part);
      }
      assertThat(streamed.append(decoder.finish()).toString()).isEqualTo(tokenizer.decode(ids));
    }
  }

  @Test
  void charactersAppearWholeWhereverTheirBytesAreCut() {
    Tokenizer tokenizer = GoldenTexts.gguf("spm");
    TextDecoder decoder = tokenizer.newDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : tokenizer.encode(MIXED, SpecialTokens.NONE)) {
      String part = decoder.append(id);
      assertThat(part).doesNotContain("\uFFFD");
      text.append(part);
    }
    assertThat(text.append(decoder.finish())).hasToString(MIXED);
  }

  @Test
  void bytesThatNeverBecomeACharacterAreReplaced() {
    Tokenizer tokenizer = GoldenTexts.gguf("spm");
    int[] ids = {byteId(tokenizer, "F0"), byteId(tokenizer, "9F"), byteId(tokenizer, "41")};
    assertThat(tokenizer.decode(ids)).isEqualTo("\uFFFDA");
    assertThat(tokenizer.decode(ids[0], ids[1])).isEqualTo("\uFFFD");
  }

  @Test
  void halfASurrogatePairIsReplaced() {
    for (Tokenizer tokenizer : gguf.values()) {
      int[] ids = tokenizer.encode("a\uD83Db", SpecialTokens.NONE);
      assertThat(tokenizer.decode(ids)).isEqualTo("a\uFFFDb");
    }
  }

  private static int byteId(Tokenizer tokenizer, String hex) {
    return tokenizer.id("<0x" + hex + ">").orElseThrow();
  }

  /** Any code points, control characters and marks among them, beside stretches of plain text. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> any =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(c -> c > Character.MAX_VALUE || !Character.isSurrogate((char) (int) c))
            .map(Character::toString);
    Arbitrary<String> plain =
        Arbitraries.of(" ", "  ", "\n", "once upon", "Lily's", "\u2000", "12", "!", "\u0007", "é");
    return Arbitraries.oneOf(any, plain).list().ofMaxSize(20).map(parts -> String.join("", parts));
  }

  private static Map<String, Tokenizer> load(Function<String, Tokenizer> loader, String... names) {
    return Stream.of(names).collect(Collectors.toMap(name -> name, loader));
  }
}
