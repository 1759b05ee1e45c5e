package dev.skipjack.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.models.tokenizer.GoldenTexts.Golden;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tokenizers from GGUF files against SentencePiece and Hugging Face tokenizers. */
class GgufGoldenTest {
  @TestFactory
  Stream<DynamicTest> idsAndTextAreThoseOfTheReference() {
    return Stream.of("spm", "llama-bpe", "qwen2", "gpt-2").flatMap(GgufGoldenTest::tests);
  }

  private static Stream<DynamicTest> tests(String fixture) {
    Tokenizer tokenizer = GoldenTexts.gguf(fixture);
    return GoldenTexts.read(fixture).stream()
        .map(
            golden ->
                DynamicTest.dynamicTest(fixture + " " + golden, () -> check(tokenizer, golden)));
  }

  private static void check(Tokenizer tokenizer, Golden golden) {
    assertThat(tokenizer.encode(golden.text(), SpecialTokens.NONE)).containsExactly(golden.ids());
    assertThat(tokenizer.decode(golden.ids())).isEqualTo(golden.decoded());
  }
}
