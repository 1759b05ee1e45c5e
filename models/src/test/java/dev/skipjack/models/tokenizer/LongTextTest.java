package dev.skipjack.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
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

  private static void assertRoundTrip(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text, SpecialTokens.NONE);
    // Comparing without AssertJ: a failure would print the texts.
    assertThat(tokenizer.decode(ids).equals(text)).as("round trip").isTrue();
  }
}
