package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.skipjack.models.tokenizer.SpecialTokens;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A prompt that begins like the conversation computes only what differs. */
class PromptReuseTest {
  private static final LanguageModel MODEL =
      LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(2));
  private static final int[] PROMPT = IntStream.range(3, 23).toArray();

  @AfterAll
  static void closeModel() {
    MODEL.close();
  }

  @Test
  void whatFollowsTheCommonBeginningIsAllThatIsFed() {
    int[] other = PROMPT.clone();
    other[12] = 99;
    try (Session reused = MODEL.newSession();
        Session fresh = MODEL.newSession()) {
      reused.evaluate(PROMPT);

      assertThat(reused.common(other)).isEqualTo(12);
      assertThat(reused.common(PROMPT)).isEqualTo(reused.position());
      assertThat(reused.keepCommon(other)).isEqualTo(12);

      assertThat(reused.position()).isEqualTo(12);
      float[] expected = fresh.evaluate(other);
      float[] found = reused.evaluate(Arrays.copyOfRange(other, 12, other.length));
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], offset(1e-3f));
      }
    }
  }

  @Test
  void theLastTokenIsAlwaysFedAgain() {
    try (Session session = MODEL.newSession()) {
      assertThat(session.keepCommon(PROMPT)).isZero();
      session.evaluate(PROMPT);

      assertThat(session.keepCommon(PROMPT)).isEqualTo(PROMPT.length - 1);
      assertThat(session.keepCommon(Arrays.copyOf(PROMPT, 5))).isEqualTo(4);
      assertThat(session.keepCommon(new int[] {1})).isZero();
    }
  }

  @Test
  void generatedTokensCountAsFed() {
    try (Session session = MODEL.newSession()) {
      GenerationResult result =
          session.generate(
              new GenerationRequest(PROMPT, 6, SamplingOptions.GREEDY, List.of(), true),
              text -> true);
      int[] longer =
          IntStream.concat(
                  IntStream.concat(Arrays.stream(PROMPT), Arrays.stream(result.tokens())),
                  IntStream.of(7, 8))
              .toArray();

      // The last generated token was never fed.
      assertThat(session.keepCommon(longer)).isEqualTo(PROMPT.length + 5);
    }
  }

  @Test
  void whatIsNotFedAgainStillCountsAsSaid() {
    int[] prompt =
        MODEL
            .tokenizer()
            .encode(
                "Once upon a time there was a dog who liked the dog and the dog",
                SpecialTokens.PROMPT);
    SamplingOptions penalty = new SamplingOptions(0, 0, 1, 0, 1.8f, 64, 0);
    try (Session reused = MODEL.newSession();
        Session fresh = MODEL.newSession()) {
      reused.evaluate(prompt);
      int[] rest = Arrays.copyOfRange(prompt, reused.keepCommon(prompt), prompt.length);

      assertThat(rest).hasSize(1);
      assertThat(text(reused, rest, penalty)).isEqualTo(text(fresh, prompt, penalty));
    }
  }

  private static String text(Session session, int[] prompt, SamplingOptions sampling) {
    return session
        .generate(new GenerationRequest(prompt, 12, sampling, List.of(), true), text -> true)
        .text();
  }

  @Test
  void aPromptHasTokens() {
    try (Session session = MODEL.newSession()) {
      assertThatThrownBy(() -> session.keepCommon(new int[0]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("prompt: found no tokens, expected at least one");
    }
  }
}
