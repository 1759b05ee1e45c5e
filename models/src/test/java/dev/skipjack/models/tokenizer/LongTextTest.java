package dev.skipjack.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.loader.container.Metadata;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten megabytes: a quadratic or recursive step anywhere would not come back. */
class LongTextTest {
  private static final int LENGTH = 10_000_000;

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
      assertRoundTrip(tokenizer, unit.repeat(LENGTH / 20));
    }
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
