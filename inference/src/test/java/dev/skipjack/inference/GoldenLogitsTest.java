package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logits and greedy continuations against an independent float32 implementation. */
class GoldenLogitsTest {
  private static final double TOLERANCE = 1e-3;

  static Stream<String> models() {
    return Stream.of(
        "gguf/arcee-relu2",
        "gguf/gemma2",
        "gguf/gemma3",
        "gguf/granite",
        "gguf/llama",
        "gguf/llama-relu",
        "gguf/llama-tied-rope3",
        "gguf/mixtral",
        "gguf/nemotron",
        "gguf/olmo2",
        "gguf/phi3",
        "gguf/qwen2",
        "gguf/qwen3",
        "gguf/smollm3",
        "hf/apertus-xielu",
        "hf/bitnet-relu2",
        "hf/falcon-new",
        "hf/llama-bias",
        "hf/mistral-swa",
        "special/bamboo-drelu",
        "quant/llama-256-bf16",
        "quant/llama-256-f16",
        "quant/llama-256-iq4_nl",
        "quant/llama-256-iq4_xs",
        "quant/llama-256-q2_k",
        "quant/llama-256-q3_k",
        "quant/llama-256-q4_0",
        "quant/llama-256-q4_1",
        "quant/llama-256-q4_k",
        "quant/llama-256-q5_0",
        "quant/llama-256-q5_1",
        "quant/llama-256-q5_k",
        "quant/llama-256-q6_k",
        "quant/llama-256-q8_0");
  }

  @ParameterizedTest
  @MethodSource("models")
  void logitsOfEveryPositionAgree(String name) {
    Fixture fixture = Fixture.load(name);
    float[] logits = new float[fixture.logits().length];
    try (LanguageModel model = LanguageModel.load(fixture.model(), LoadOptions.DEFAULTS);
        Session session = model.newSession()) {
      int vocabulary = model.config().vocabularySize();
      session.evaluate(
          fixture.prompt(),
          (position, row) -> System.arraycopy(row, 0, logits, position * vocabulary, vocabulary));
    }
    assertThat(largestDifference(logits, fixture.logits()) / fixture.largestLogit())
        .isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("models")
  void greedyContinuationAgrees(String name) {
    Fixture fixture = Fixture.load(name);
    try (LanguageModel model = LanguageModel.load(fixture.model(), LoadOptions.DEFAULTS);
        Session session = model.newSession()) {
      int length = fixture.greedy().length;
      GenerationResult result =
          session.generate(
              new GenerationRequest(
                  fixture.prompt(), length, SamplingOptions.GREEDY, List.of(), true),
              text -> true);
      int decided = decidedLength(fixture, result.tokens());
      assertThat(Arrays.copyOf(result.tokens(), decided))
          .containsExactly(Arrays.copyOf(fixture.greedy(), decided));
    }
  }

  /**
   * How many greedy steps are decided by more than the tolerance: all, unless the two best logits
   * of some step are too close for float32 summation order; then only those before it.
   */
  private static int decidedLength(Fixture fixture, int[] tokens) {
    if (fixture.smallestGap() > TOLERANCE * fixture.largestLogit()) {
      return tokens.length;
    }
    try (LanguageModel model = LanguageModel.load(fixture.model(), LoadOptions.DEFAULTS);
        Session session = model.newSession()) {
      float[] logits = session.evaluate(fixture.prompt());
      for (int i = 0; i < tokens.length; i++) {
        if (gap(logits) <= TOLERANCE * fixture.largestLogit()) {
          return i;
        }
        logits = session.evaluate(fixture.greedy()[i]);
      }
      return tokens.length;
    }
  }

  private static float gap(float[] logits) {
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1] - sorted[sorted.length - 2];
  }

  private static double largestDifference(float[] actual, float[] expected) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      largest = difference > largest || Double.isNaN(difference) ? difference : largest;
    }
    return largest;
  }
}
