package dev.skipjack.inference.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.measure.ThroughputTest.Phase;
import dev.skipjack.loader.tensor.Tensor;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ThroughputTestTest {
  @Test
  void isNamedAsInLlamaBench() {
    assertThat(new ThroughputTest(Phase.PROMPT, 512, 0).name()).isEqualTo("pp512");
    assertThat(new ThroughputTest(Phase.GENERATION, 128, 4096).name()).isEqualTo("tg128 @ d4096");
  }

  @Test
  void generationReadsEveryMatrixOnceAndTheCacheUpToItsDepth() {
    LoadOptions dense = LoadOptions.DEFAULTS.withThreads(1).withSparsity(SparsityMode.DENSE);
    try (LanguageModel model = LanguageModel.bundled(dense)) {
      ThroughputResult result = new ThroughputTest(Phase.GENERATION, 2, 5).run(model, 3);

      long matrices =
          model.file().tensors().values().stream()
              .filter(tensor -> tensor.shape().length == 2)
              .mapToLong(Tensor::byteSize)
              .sum();
      assertThat(model.file().tensor("output.weight")).as("tied").isEmpty();
      long embeddingRow = model.file().tensor("token_embd.weight").orElseThrow().rowBytes();
      int heads = model.config().kvHeadCount();
      long cacheRow = 2 * model.cacheType().byteSize((long) heads * model.config().headDim());
      double positions = (6 + 7) / 2.0;
      assertThat(result.bytesPerToken().orElseThrow())
          .isCloseTo(
              matrices + embeddingRow + positions * cacheRow * model.config().layerCount(),
              within(1e-6));
      assertThat(result.samples()).hasSize(3).allMatch(sample -> sample > 0);
      assertThat(result.density()).isEqualTo(1);
    }
  }

  @Test
  void aPromptReadsTheMatricesOncePerBatch() {
    try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(1))) {
      double one =
          WeightTraffic.of(model, "dense")
              .perToken(new ThroughputTest(Phase.PROMPT, 1, 0), 1)
              .orElseThrow();
      double many =
          WeightTraffic.of(model, "dense")
              .perToken(new ThroughputTest(Phase.PROMPT, 64, 0), 1)
              .orElseThrow();
      assertThat(many).isBetween(one / 64, one / 16);
    }
  }

  @Test
  void skippedNeuronsAreNotRead() {
    try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(1))) {
      ThroughputTest test = new ThroughputTest(Phase.GENERATION, 1, 0);
      long down =
          model.spec().layers().stream()
              .mapToLong(
                  layer ->
                      model
                          .file()
                          .tensor("blk." + layer.index() + ".ffn_down.weight")
                          .orElseThrow()
                          .byteSize())
              .sum();
      double dense = WeightTraffic.of(model, "dense").perToken(test, 1).orElseThrow();
      double exact = WeightTraffic.of(model, "exact").perToken(test, 0.25).orElseThrow();
      assertThat(dense - exact).isCloseTo(0.75 * down, within(1e-6));
      assertThat(WeightTraffic.of(model, "of the future").perToken(test, 0.25)).isEmpty();
    }
  }

  @Test
  void samplesThatSpreadAreNotAResult() {
    ThroughputTest test = new ThroughputTest(Phase.PROMPT, 1, 0);
    ThroughputResult noisy =
        new ThroughputResult(test, List.of(8.0, 10.0, 12.0), 1, OptionalDouble.of(3e9));
    assertThat(noisy.mean()).isEqualTo(10);
    assertThat(noisy.deviation()).isEqualTo(2);
    assertThat(noisy.spreadOk()).isFalse();
    assertThat(noisy.readRate().orElseThrow()).isEqualTo(30);
    assertThat(
            new ThroughputResult(test, List.of(9.5, 10.0, 10.5), 1, OptionalDouble.empty())
                .spreadOk())
        .isTrue();
  }

  @Test
  void bandwidthIsTheBestPass() {
    assertThat(new StreamingBandwidth(1, 8, List.of(3.0, 5.0, 4.0)).gigabytesPerSecond())
        .isEqualTo(5);
  }

  @Test
  void impossibleTestsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ThroughputTest(Phase.PROMPT, 0, 0))
        .withMessageContaining("tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ThroughputTest(Phase.PROMPT, 1, -1))
        .withMessageContaining("depth");
    try (LanguageModel model =
        LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(1).withContextLength(8))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ThroughputTest(Phase.PROMPT, 9, 0).run(model, 1))
          .withMessageContaining("context");
    }
  }
}
