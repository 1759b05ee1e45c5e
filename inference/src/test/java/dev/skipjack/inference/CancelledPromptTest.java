package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.inference.GenerationResult.FinishReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Nobody waits for the end of a long prompt that is no longer wanted. */
class CancelledPromptTest {
  private static final LanguageModel MODEL =
      LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(2));
  private static final int BATCH = MODEL.batchLength();

  /** A batch and some more. */
  private static final int[] PROMPT =
      IntStream.range(0, BATCH + 10).map(i -> 3 + i * 7 % 400).toArray();

  /** Stops before the batch that begins with a token, and remembers what it was asked. */
  private static final class Impatient implements GenerationListener {
    private final int stopAt;
    private final List<Integer> asked = new ArrayList<>();

    private Impatient(int stopAt) {
      this.stopAt = stopAt;
    }

    @Override
    public boolean prefill(int done) {
      asked.add(done);
      return done < stopAt;
    }

    @Override
    public boolean text(String piece) {
      return true;
    }
  }

  @AfterAll
  static void closeModel() {
    MODEL.close();
  }

  private static GenerationRequest request(int... prompt) {
    return new GenerationRequest(prompt, 5, SamplingOptions.GREEDY, List.of(), true);
  }

  @Test
  void everyBatchIsAnnounced() {
    try (Session session = MODEL.newSession()) {
      Impatient listener = new Impatient(Integer.MAX_VALUE);

      GenerationResult result = session.generate(request(PROMPT), listener);

      assertThat(listener.asked).containsExactly(0, BATCH);
      assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(result.timings().promptTokens()).isEqualTo(PROMPT.length);
    }
  }

  @Test
  void whatWasComputedStaysAndGenerationGoesOnFromThere() {
    try (Session session = MODEL.newSession();
        Session patient = MODEL.newSession()) {
      GenerationResult cancelled = session.generate(request(PROMPT), new Impatient(BATCH));

      assertThat(cancelled.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(cancelled.tokens()).isEmpty();
      assertThat(cancelled.text()).isEmpty();
      assertThat(cancelled.timings().promptTokens()).isEqualTo(BATCH);
      assertThat(session.position()).isEqualTo(BATCH);
      int kept = session.keepCommon(PROMPT);
      assertThat(kept).isEqualTo(BATCH);
      int[] rest = Arrays.copyOfRange(PROMPT, kept, PROMPT.length);
      assertThat(session.generate(request(rest), piece -> true).tokens())
          .isEqualTo(patient.generate(request(PROMPT), piece -> true).tokens());
    }
  }

  @Test
  void anInterruptEndsItBeforeItBegins() {
    try (Session session = MODEL.newSession()) {
      session.evaluate(1, 2);
      Thread.currentThread().interrupt();

      GenerationResult cancelled = session.generate(request(PROMPT), piece -> true);

      assertThat(Thread.interrupted()).as("still interrupted").isFalse();
      assertThat(cancelled.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(cancelled.timings().promptTokens()).isZero();
      assertThat(session.position()).isEqualTo(2);
    }
  }
}
