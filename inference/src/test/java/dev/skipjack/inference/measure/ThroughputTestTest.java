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
import org.junit.jupiter.api.Test;

class ThroughputTestTest {
  private static final LoadOptions DENSE =
      LoadOptions.DEFAULTS.withThreads(1).withSparsity(SparsityMode.DENSE);

  @Test
  void isNamedAsInLlamaBench() {
    assertThat(new ThroughputTest(Phase.PROMPT, 512, 0).name()).isEqualTo("pp512");
    assertThat(new ThroughputTest(Phase.GENERATION, 128, 4096).name()).isEqualTo("tg128 @ d4096");
  }

  @Test
  void generationReadsEveryMatrixOnceAndTheCacheUpToItsDepth() {
    try (LanguageModel model = LanguageModel.bundled(DENSE)) {
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
      assertThat(result.bytesPerToken())
          .isCloseTo(
              matrices + embeddingRow + positions * cacheRow * model.config().layerCount(),
              within(1e-6));
      assertThat(result.samples()).hasSize(3).allMatch(sample -> sample > 0);
      assertThat(result.density()).isEqualTo(1);
    }
  }

  @Test
  void threadsThatShareTheWorkWaitForEachOther() {
    ThroughputTest test = new ThroughputTest(Phase.GENERATION, 4, 0);
    try (LanguageModel one = LanguageModel.bundled(DENSE);
        LanguageModel two = LanguageModel.bundled(DENSE.withThreads(2))) {
      assertThat(test.run(one, 1).waiting()).isZero();
      assertThat(test.run(two, 1).waiting()).isGreaterThan(0).isLessThan(1);
    }
  }

  @Test
  void aPromptReadsTheMatricesOncePerBatch() {
    try (LanguageModel model = LanguageModel.bundled(DENSE)) {
      double one = new ThroughputTest(Phase.PROMPT, 1, 0).run(model, 1).bytesPerToken();
      double many = new ThroughputTest(Phase.PROMPT, 64, 0).run(model, 1).bytesPerToken();
      assertThat(many).isBetween(one / 64, one / 16);
    }
  }

  @Test
  void skippedNeuronsAreNotRead() {
    ThroughputTest test = new ThroughputTest(Phase.GENERATION, 4, 16);
    try (LanguageModel dense = LanguageModel.bundled(DENSE);
        LanguageModel exact =
            LanguageModel.bundled(DENSE.withSparsity(SparsityMode.parse("exact")))) {
      ThroughputResult all = test.run(dense, 1);
      ThroughputResult active = test.run(exact, 1);
      assertThat(active.density()).isBetween(0.0, 0.9);
      assertThat(active.bytesPerToken()).isLessThan(all.bytesPerToken());
    }
  }

  @Test
  void samplesThatSpreadAreNotAResult() {
    ThroughputTest test = new ThroughputTest(Phase.PROMPT, 1, 0);
    ThroughputResult noisy = new ThroughputResult(test, List.of(8.0, 10.0, 12.0), 1, 3e9, 0);
    assertThat(noisy.mean()).isEqualTo(10);
    assertThat(noisy.deviation()).isEqualTo(2);
    assertThat(noisy.spreadOk()).isFalse();
    assertThat(noisy.readRate()).isEqualTo(30);
    assertThat(new ThroughputResult(test, List.of(9.5, 10.0, 10.5), 1, 0, 0).spreadOk()).isTrue();
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
    try (LanguageModel model = LanguageModel.bundled(DENSE.withContextLength(8))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ThroughputTest(Phase.PROMPT, 9, 0).run(model, 1))
          .withMessageContaining("context");
    }
  }
}
