package dev.skipjack.kernels.tornado.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.CacheType;
import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.DeviceOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models whose layers run as graphs, against an independent implementation. */
class DecoderTest {
  private static final double TOLERANCE = 1e-3;

  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS.withThreads(1).withCacheType(CacheType.parse("f32"));

  private static LoadOptions allLayers() {
    return OPTIONS.withDevice(DeviceOptions.of("java"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gguf/arcee-relu2",
        "gguf/gemma2",
        "gguf/gemma3",
        "gguf/granite",
        "gguf/llama",
        "gguf/llama-relu",
        "gguf/llama-tied-rope3",
        "gguf/olmo2",
        "gguf/phi3",
        "gguf/qwen2",
        "gguf/qwen3",
        "gguf/smollm3",
        "hf/mistral-swa",
        "special/bamboo-drelu",
        "quant/llama-256-bf16",
        "quant/llama-256-f16",
        "quant/llama-256-q4_0",
        "quant/llama-256-q4_k",
        "quant/llama-256-q5_k",
        "quant/llama-256-q6_k",
        "quant/llama-256-q8_0"
      })
  void logitsOfEveryPositionAgree(String name) {
    GoldenModel golden = GoldenModel.of(name);
    float[] found = new float[golden.logits().length];
    try (LanguageModel model =
            LanguageModel.load(golden.path(), allLayers().withSparsity(SparsityMode.DENSE));
        Session session = model.newSession()) {
      assertThat(model.compute()).contains("Java");
      int vocabulary = model.config().vocabularySize();
      session.evaluate(
          golden.prompt(),
          (position, logits) ->
              System.arraycopy(logits, 0, found, position * vocabulary, vocabulary));
    }

    for (int i = 0; i < found.length; i++) {
      assertThat(found[i])
          .isCloseTo(golden.logits()[i], within((float) TOLERANCE * golden.largestLogit()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gguf/llama, 1, dense",
    "gguf/qwen3, 1, dense",
    "gguf/llama-relu, 1, exact",
    "gguf/llama-relu, 2, exact",
    "special/bamboo-drelu, 1, exact",
    "special/powerinfer-bamboo, 1, predictor",
    "special/powerinfer-bamboo, 2, predictor",
    "special/powerinfer-llama-relu, 2, predictor",
  })
  void greedyTokensAgreeHoweverLayersAreSplit(String name, int layers, String sparsity) {
    GoldenModel golden = GoldenModel.of(name);
    LoadOptions options =
        OPTIONS
            .withDevice(DeviceOptions.of("java").withLayers(layers))
            .withSparsity(SparsityMode.parse(sparsity));
    try (LanguageModel model = LanguageModel.load(golden.path(), options);
        Session session = model.newSession()) {
      var request =
          new GenerationRequest(
              golden.prompt(), golden.greedy().length, SamplingOptions.GREEDY, List.of(), true);

      assertThat(session.generate(request, text -> true).tokens()).isEqualTo(golden.greedy());
    }
  }

  @Test
  void aRewoundConversationForgets() {
    GoldenModel golden = GoldenModel.of("gguf/llama");
    try (LanguageModel model = LanguageModel.load(golden.path(), allLayers());
        Session session = model.newSession()) {
      float[] first = session.evaluate(golden.prompt()).clone();
      session.evaluate(1, 2, 3);
      session.rewind(golden.prompt().length - 1);

      float[] again = session.evaluate(golden.prompt()[golden.prompt().length - 1]);

      assertThat(again).containsExactly(first, within(1e-5f));
    }
  }

  /** Numbers that differ from layer to layer go where their layers are. */
  @ParameterizedTest
  @CsvSource({
    "gguf/llama, 'cats:0.02,0.1', 1",
    "gguf/llama, 'cats:0.02,0.1', 2",
    "special/powerinfer-bamboo, 'predictor:-0.1,0.1', 1",
    "special/powerinfer-bamboo, 'predictor:-0.1,0.1', 2",
  })
  void thresholdsOfLayersGiveTheProcessorsLogits(String name, String sparsity, int layers) {
    GoldenModel golden = GoldenModel.of(name);
    LoadOptions options = OPTIONS.withSparsity(SparsityMode.parse(sparsity));
    float[] expected = logits(golden, options);
    float[] dense = logits(golden, OPTIONS.withSparsity(SparsityMode.DENSE));

    float[] found = logits(golden, options.withDevice(DeviceOptions.of("java").withLayers(layers)));

    assertThat(found).containsExactly(expected, within(1e-3f * golden.largestLogit()));
    assertThat(expected).isNotEqualTo(dense);
  }

  private static float[] logits(GoldenModel golden, LoadOptions options) {
    try (LanguageModel model = LanguageModel.load(golden.path(), options);
        Session session = model.newSession()) {
      return session.evaluate(golden.prompt()).clone();
    }
  }

  @Test
  void conversationsHaveCachesOfTheirOwn() {
    GoldenModel golden = GoldenModel.of("gguf/llama");
    DeviceOptions device = DeviceOptions.of("java").withSessions(2);
    float[] expected = logits(golden, OPTIONS);
    try (LanguageModel model = LanguageModel.load(golden.path(), OPTIONS.withDevice(device));
        Session first = model.newSession()) {
      float[] last = new float[0];
      try (Session second = model.newSession()) {
        for (int token : golden.prompt()) {
          second.evaluate(3, token);
          last = first.evaluate(token).clone();
        }
        assertThatThrownBy(model::newSession)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("found 2 conversations in use, expected at most 2")
            .hasMessageContaining("withSessions(3)");
      }

      assertThat(last).containsExactly(expected, within(1e-3f * golden.largestLogit()));
      model.newSession().close();
    }
  }

  /** Sampling needs logits, which leave the device only then. */
  @Test
  void drawsTheProcessorsTokens() {
    GoldenModel golden = GoldenModel.of("gguf/llama");

    assertThat(sampled(golden, allLayers())).isEqualTo(sampled(golden, OPTIONS));
  }

  private static int[] sampled(GoldenModel golden, LoadOptions options) {
    try (LanguageModel model = LanguageModel.load(golden.path(), options);
        Session session = model.newSession()) {
      var request =
          new GenerationRequest(golden.prompt(), 12, SamplingOptions.defaults(5), List.of(), true);
      return session.generate(request, text -> true).tokens();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gguf/mixtral       | a mixture of experts
          gguf/nemotron      | a norm that is not RMS
          hf/apertus-xielu   | activation xielu
          hf/bitnet-relu2    | a norm inside its attention
          """)
  void refusesWhatItHasNoKernelsFor(String name, String reason) {
    GoldenModel golden = GoldenModel.of(name);

    assertThatThrownBy(() -> LanguageModel.load(golden.path(), allLayers()))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("layer 0 has " + reason);
  }

  @Test
  void fallsBackOnlyIfAllowed() {
    GoldenModel golden = GoldenModel.of("gguf/mixtral");
    LoadOptions options = OPTIONS.withDevice(DeviceOptions.of("java").withFallback(true));
    try (LanguageModel model = LanguageModel.load(golden.path(), options)) {
      assertThat(model.compute()).doesNotContain("Java");
    }
  }

  @Test
  void refusesSelectorsThatDevicesLack() {
    GoldenModel golden = GoldenModel.of("gguf/llama-relu");

    assertThatThrownBy(
            () ->
                LanguageModel.load(
                    golden.path(), allLayers().withSparsity(SparsityMode.parse("sign"))))
        .hasMessageContaining("sparsity sign: not available on a device");
  }

  @Test
  void refusesAnUnknownBackEnd() {
    GoldenModel golden = GoldenModel.of("gguf/llama");

    assertThatThrownBy(
            () -> LanguageModel.load(golden.path(), OPTIONS.withDevice(DeviceOptions.of("abacus"))))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("device \"abacus\": no such back end");
  }

  @Test
  void tornadoSaysWhatIsMissing() {
    GoldenModel golden = GoldenModel.of("gguf/llama");

    assertThatThrownBy(
            () ->
                LanguageModel.load(golden.path(), OPTIONS.withDevice(DeviceOptions.of("tornado"))))
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("TornadoVM", "TORNADOVM_HOME");
  }
}
