package dev.skipjack.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.models.tokenizer.Tokenizer.Part;
import dev.skipjack.models.tokenizer.pipeline.Fragment;
import dev.skipjack.models.tokenizer.special.LongestFirstSplitter;
import dev.skipjack.models.tokenizer.special.SpecialToken;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How special tokens get into an encoding and how they leave it. */
class SpecialTokensTest {
  private final Tokenizer stories = Tokenizers.fromHuggingFace(GoldenTexts.folder("stories"));

  @Test
  void thePromptOfTheStoriesModelStartsWithBos() {
    assertThat(stories.encode("Once upon a time", SpecialTokens.PROMPT))
        .containsExactly(1, 429, 438, 261, 399);
    assertThat(stories.bos()).hasValue(1);
    assertThat(stories.eos()).hasValue(2);
    assertThat(stories.endsGeneration(2)).isTrue();
  }

  @Test
  void templatesFrameTheText() {
    Tokenizer bert = Tokenizers.fromHuggingFace(GoldenTexts.folder("wordpiece"));
    int[] ids = bert.encode("once", SpecialTokens.PROMPT);
    assertThat(ids[0]).isEqualTo(bert.id("[CLS]").orElseThrow());
    assertThat(ids[ids.length - 1]).isEqualTo(bert.id("[SEP]").orElseThrow());
    Tokenizer unigram = Tokenizers.fromHuggingFace(GoldenTexts.folder("unigram-json"));
    assertThat(unigram.encode("", SpecialTokens.PROMPT))
        .containsExactly(unigram.id("</s>").orElseThrow());
  }

  @Test
  void usersCannotSpellControlTokens() {
    for (String name : List.of("llama-bpe", "qwen2", "gpt-2")) {
      Tokenizer tokenizer = GoldenTexts.gguf(name);
      int end = tokenizer.id("<|end|>").orElseThrow();
      assertThat(tokenizer.encode("a<|end|>", SpecialTokens.PROMPT)).doesNotContain(end);
      assertThat(tokenizer.encode("a<|end|>", SpecialTokens.TEMPLATE)).endsWith(end);
      assertThat(tokenizer.decode(end)).isEmpty();
    }
  }

  @Test
  void aLongTokenWinsOverOneFurtherLeft() {
    List<SpecialToken> tokens =
        List.of(new SpecialToken(1, "xa", false), new SpecialToken(2, "abc", false));
    assertThat(new LongestFirstSplitter(tokens).split("xabcxa", false))
        .containsExactly(new Fragment.Text("x"), new Fragment.Token(2), new Fragment.Token(1));
  }

  @Test
  void tokensTakeTheSpaceBesideThemAlong() {
    SpecialToken token = new SpecialToken(1, "<t>", true, true, true, false);
    assertThat(new LongestFirstSplitter(List.of(token)).split("a \n<t> b<t>", true))
        .containsExactly(
            new Fragment.Text("a"),
            new Fragment.Token(1),
            new Fragment.Text("b"),
            new Fragment.Token(1));
  }

  /** Where parts meet leaves no trace: no space, no other cut. */
  @ParameterizedTest
  @ValueSource(strings = {"spm", "llama-bpe", "qwen2", "gpt-2"})
  void partsAreEncodedAsOneText(String name) {
    assertPartsAreEncodedAsOneText(GoldenTexts.gguf(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stories", "unigram-json", "unigram-model", "gemma-like", "roberta", "wordpiece"})
  void partsOfHuggingFaceTokenizersAreEncodedAsOneText(String name) {
    assertPartsAreEncodedAsOneText(Tokenizers.fromHuggingFace(GoldenTexts.folder(name)));
  }

  private static void assertPartsAreEncodedAsOneText(Tokenizer tokenizer) {
    String text = "Once upon a time, there lived twenty-two birds in  trees.\n\nThe end.";
    int[] whole = tokenizer.encode(text, SpecialTokens.NONE);
    for (int cut = 0; cut <= text.length(); cut++) {
      List<Part> parts =
          List.of(new Part(text.substring(0, cut), true), new Part(text.substring(cut), false));
      assertThat(tokenizer.encode(parts)).as("cut at %d", cut).containsExactly(whole);
    }
  }

  /** SentencePiece puts its space in front of a text and after a control token, nowhere else. */
  @Test
  void onlyPartsThatMaySpellControlTokensDo() {
    Tokenizer spm = GoldenTexts.gguf("spm");
    int bos = spm.bos().orElseThrow();
    int eos = spm.eos().orElseThrow();
    String begin = spm.piece(bos);
    String end = spm.piece(eos);
    int[] ids =
        spm.encode(
            List.of(
                new Part(begin + "[INST] ", true),
                new Part("Hello " + end, false),
                new Part(" [/INST]" + end + "Hi", true)));

    int[] text = spm.encode("[INST] Hello " + end + " [/INST]", SpecialTokens.NONE);
    int[] answer = spm.encode("Hi", SpecialTokens.NONE);
    assertThat(ids)
        .containsExactly(
            Stream.of(new int[] {bos}, text, new int[] {eos}, answer)
                .flatMapToInt(Arrays::stream)
                .toArray());
  }
}
