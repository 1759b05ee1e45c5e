package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.tokenizer.SpecialTokens;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse models against independent implementations and against themselves, computed densely. */
class SparsityTest {
  private static LoadOptions options(String mode) {
    return LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse(mode));
  }

  /** Logits of all prompt positions, fed as one batch or token by token. */
  private static float[] logits(LanguageModel model, int[] prompt, boolean single) {
    int vocabulary = model.config().vocabularySize();
    float[] logits = new float[prompt.length * vocabulary];
    try (Session session = model.newSession()) {
      if (!single) {
        session.evaluate(
            prompt, (at, row) -> System.arraycopy(row, 0, logits, at * vocabulary, vocabulary));
        return logits;
      }
      for (int i = 0; i < prompt.length; i++) {
        System.arraycopy(session.evaluate(prompt[i]), 0, logits, i * vocabulary, vocabulary);
      }
    }
    return logits;
  }

  private static int[] greedy(LanguageModel model, int[] prompt, int count) {
    try (Session session = model.newSession()) {
      return session
          .generate(
              new GenerationRequest(prompt, count, SamplingOptions.GREEDY, List.of(), true),
              text -> true)
          .tokens();
    }
  }

  private static double relativeDifference(float[] actual, float[] expected) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = Math.abs((double) actual[i] - expected[i]);
      difference = d > difference || Double.isNaN(d) ? d : difference;
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return difference / largest;
  }

  @ParameterizedTest
  @CsvSource({
    "gguf/llama, sparse/cats, 'cats:0.05,0.08'",
    "gguf/llama, sparse/topk, topk:32",
    "special/powerinfer-llama-relu, special/powerinfer-llama-relu.golden, predictor",
    "special/powerinfer-llama-relu, special/powerinfer-llama-relu.golden, auto",
    "special/powerinfer-bamboo, special/powerinfer-bamboo.golden, predictor+exact"
  })
  void goldensAgreeAtEveryPosition(String name, String golden, String mode) {
    var json = Fixture.json(golden + ".json");
    int[] prompt = Fixture.ints(json.get("prompt"));
    int[] expected = Fixture.ints(json.get("greedy"));
    float[] reference = Fixture.floats(Fixture.path(golden.replace(".golden", "") + ".logits.f32"));
    try (LanguageModel model = LanguageModel.load(Fixture.path(name + ".gguf"), options(mode))) {
      assertThat(relativeDifference(logits(model, prompt, false), reference)).isLessThan(1e-3);
      assertThat(relativeDifference(logits(model, prompt, true), reference)).isLessThan(1e-3);
      assertThat(greedy(model, prompt, expected.length)).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gguf/arcee-relu2, exact",
    "gguf/nemotron, exact",
    "gguf/llama-relu, exact",
    "special/bamboo-drelu, exact",
    "gguf/llama-relu, cats:0",
    "gguf/llama, cats:0",
    "special/powerinfer-llama-relu, exact",
    "special/powerinfer-llama-relu, predictor:-inf",
    "special/powerinfer-bamboo, predictor:-inf",
    "gguf/mixtral, cats:0"
  })
  void losslessModesEqualDense(String name, String mode) {
    int[] prompt = Fixture.load(name).prompt();
    try (LanguageModel sparse = LanguageModel.load(Fixture.path(name + ".gguf"), options(mode));
        LanguageModel dense = LanguageModel.load(Fixture.path(name + ".gguf"), options("dense"))) {
      float[] reference = logits(dense, prompt, false);
      assertThat(relativeDifference(logits(sparse, prompt, false), reference)).isLessThan(1e-4);
      assertThat(relativeDifference(logits(sparse, prompt, true), reference)).isLessThan(1e-4);
      assertThat(greedy(sparse, prompt, 32)).containsExactly(greedy(dense, prompt, 32));
    }
  }

  @Test
  void theBundledModelIsComputedExactly() {
    try (LanguageModel sparse = LanguageModel.bundled(options("exact"));
        LanguageModel dense = LanguageModel.bundled(options("dense"))) {
      int[] prompt =
          sparse.tokenizer().encode("Once upon a time, there was a fox", SpecialTokens.PROMPT);
      float[] reference = logits(dense, prompt, true);
      assertThat(relativeDifference(logits(sparse, prompt, true), reference)).isLessThan(1e-4);
      assertThat(greedy(sparse, prompt, 100)).containsExactly(greedy(dense, prompt, 100));
      assertThat(sparse.describeSparsity())
          .startsWith("exact: down projections copied")
          .contains("Q8_0 as F32");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "cats:0.05", "sign", "topk:20", "reuse:2", "griffin:0.4"})
  void logitsDoNotDependOnTheNumberOfThreads(String mode) {
    Fixture fixture = Fixture.load("gguf/llama-relu");
    float[][] results = new float[3][];
    for (int threads = 1; threads <= 3; threads++) {
      try (LanguageModel model =
          LanguageModel.load(fixture.model(), options(mode).withThreads(threads))) {
        results[threads - 1] = logits(model, fixture.prompt(), true);
      }
    }
    assertThat(results[1]).containsExactly(results[0]);
    assertThat(results[2]).containsExactly(results[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "gguf/llama-relu, exact",
    "gguf/llama, dense",
    "gguf/mixtral, dense",
    "special/powerinfer-bamboo, predictor"
  })
  void autoTakesWhatTheModelOffers(String name, String expected) {
    try (LanguageModel model =
            LanguageModel.load(Fixture.path(name + ".gguf"), LoadOptions.DEFAULTS);
        Session session = model.newSession()) {
      assertThat(model.sparsity()).isEqualTo(SparsityMode.parse(expected));
      assertThat(session.feedForward().mode()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gguf/llama   | exact | exact: silu has no exact zeros; use cats, or --ffn-activation relu"
            + " if the checkpoint was relufied",
        "gguf/llama   | predictor | predictor: layer 0 has no predictor (tensors fc1 and fc2); use"
            + " exact or cats",
        "gguf/llama   | cats:1,2,3 | cats: found 3 numbers, expected one or one for each of 2"
            + " layers",
        "gguf/mixtral | topk:3 | topk: the model is a mixture of experts, of which exact and cats"
            + " alone choose neurons; use one of them or dense",
        "gguf/mixtral | exact | exact: silu has no exact zeros; use cats, or --ffn-activation relu"
            + " if the checkpoint was relufied"
      })
  void whatCannotBeServedIsExplained(String name, String mode, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LanguageModel.load(Fixture.path(name + ".gguf"), options(mode)))
        .withMessage(message);
  }

  @Test
  void statisticsCountNeuronsAndBytes() {
    Fixture fixture = Fixture.load("gguf/llama-relu");
    try (LanguageModel model = LanguageModel.load(fixture.model(), options("exact"));
        Session session = model.newSession()) {
      for (int token : fixture.prompt()) {
        session.evaluate(token);
      }
      FeedForwardStatistics statistics = session.feedForward();
      assertThat(statistics.gateDensity()).isEqualTo(1);
      assertThat(statistics.density()).isBetween(0.3, 0.7).isEqualTo(statistics.upDensity());
      assertThat(Arrays.stream(statistics.layerDensity()).average().orElseThrow())
          .isCloseTo(statistics.density(), within(1e-12));
      double expected = (1 + 2 * statistics.density()) / 3;
      assertThat((double) statistics.bytesRead() / statistics.bytesTotal())
          .isCloseTo(expected, within(1e-9));
    }
  }

  @Test
  void densityOfABatchIsThatOfItsTokens() {
    Fixture fixture = Fixture.load("gguf/llama-relu");
    try (LanguageModel model = LanguageModel.load(fixture.model(), options("exact"));
        Session single = model.newSession();
        Session batch = model.newSession()) {
      for (int token : fixture.prompt()) {
        single.evaluate(token);
      }
      batch.evaluate(fixture.prompt());
      assertThat(batch.feedForward().density())
          .isCloseTo(single.feedForward().density(), within(1e-3));
      assertThat(batch.feedForward().bytesRead()).isEqualTo(batch.feedForward().bytesTotal());
    }
  }

  @Test
  void aReplacedActivationMakesAModelSparse() {
    LoadOptions relu = options("exact").withActivation(ActivationSpec.of("relu"));
    try (LanguageModel model = LanguageModel.load(Fixture.path("gguf/llama.gguf"), relu);
        Session session = model.newSession()) {
      session.evaluate(1, 2, 3);
      assertThat(session.feedForward().density()).isLessThan(0.7);
    }
  }

  @Test
  void expertsSkipTheirZeros() {
    Fixture fixture = Fixture.load("gguf/mixtral");
    LoadOptions relu = options("exact").withActivation(ActivationSpec.of("relu"));
    try (LanguageModel sparse = LanguageModel.load(fixture.model(), relu);
        LanguageModel dense =
            LanguageModel.load(fixture.model(), relu.withSparsity(SparsityMode.DENSE))) {
      int[] prompt = fixture.prompt();
      float[] reference = logits(dense, prompt, true);
      assertThat(relativeDifference(logits(sparse, prompt, true), reference)).isLessThan(1e-4);
      assertThat(relativeDifference(logits(sparse, prompt, false), reference)).isLessThan(1e-4);
      assertThat(greedy(sparse, prompt, 32)).containsExactly(greedy(dense, prompt, 32));
      FeedForwardStatistics all = statistics(dense, prompt);
      FeedForwardStatistics some = statistics(sparse, prompt);
      // The gates of routed experts are all computed.
      assertThat(some.gateDensity()).isEqualTo(all.density());
      assertThat(some.density()).isBetween(0.3 * all.density(), 0.7 * all.density());
      assertThat(some.upDensity()).isEqualTo(some.density());
      double routed = some.density() / all.density();
      assertThat((double) some.bytesRead() / all.bytesRead())
          .isCloseTo((1 + 2 * routed) / 3, within(0.02));
      assertThat(some.bytesTotal()).isEqualTo(all.bytesTotal());
    }
  }

  private static FeedForwardStatistics statistics(LanguageModel model, int[] tokens) {
    try (Session session = model.newSession()) {
      for (int token : tokens) {
        session.evaluate(token);
      }
      return session.feedForward();
    }
  }
}
