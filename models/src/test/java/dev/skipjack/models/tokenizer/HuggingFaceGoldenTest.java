package dev.skipjack.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.models.tokenizer.GoldenTexts.Golden;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tokenizers of Hugging Face directories against Hugging Face tokenizers and SentencePiece. */
class HuggingFaceGoldenTest {
  @TestFactory
  Stream<DynamicTest> idsAndTextAreThoseOfHuggingFaceTokenizers() {
    return Stream.of(
            "llama-bpe",
            "qwen2",
            "gpt-2",
            "wordpiece",
            "unigram-json",
            "gemma-like",
            "o200k",
            "deepseek-v3",
            "starcoder",
            "roberta",
            "odd-regex")
        .flatMap(fixture -> tests(fixture, SpecialTokens.TEMPLATE));
  }

  /** Two of a {@code tokenizer.model}, one of its conversion to {@code tokenizer.json}. */
  @TestFactory
  Stream<DynamicTest> idsAndTextAreThoseOfSentencePiece() {
    return Stream.of("spm", "unigram-model", "stories")
        .flatMap(fixture -> tests(fixture, SpecialTokens.NONE));
  }

  private static Stream<DynamicTest> tests(String fixture, SpecialTokens special) {
    Tokenizer tokenizer = Tokenizers.fromHuggingFace(GoldenTexts.folder(fixture));
    return GoldenTexts.read(fixture).stream()
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    fixture + " " + golden, () -> check(tokenizer, special, golden)));
  }

  private static void check(Tokenizer tokenizer, SpecialTokens special, Golden golden) {
    assertThat(tokenizer.encode(golden.text(), special)).containsExactly(golden.ids());
    assertThat(tokenizer.decode(golden.ids())).isEqualTo(golden.decoded());
  }
}
