package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.skipjack.loader.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed weights are the same weights; one token alone meets them as int8 blocks. */
class RepackTest {
  private static final int[] TOKENS = {1, 50, 60, 70, 80, 90, 100, 110};

  @Test
  void promptsDifferByRoundingOnly() {
    assertThat(deviation(true)).isLessThan(1e-4);
  }

  @Test
  void singleTokensDifferByTheQuantisationOfTheirInputs() {
    assertThat(deviation(false)).isGreaterThan(0).isLessThan(0.03);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "reuse:64", "sign:2", "griffin:1"})
  void packedRowsAreTheSameWeights(String mode) {
    SparsityMode sparsity = SparsityMode.parse(mode);
    float[] plain = logits(options(Repack.OFF).withSparsity(sparsity), false);
    float[] packed = logits(options(Repack.ON).withSparsity(sparsity), false);
    assertThat(deviation(plain, packed)).isGreaterThan(0).isLessThan(0.03);
  }

  /** Neuron-major copies that can be packed lie together with the rows that are chosen. */
  @ParameterizedTest
  @ValueSource(strings = {"exact", "reuse:64", "sign:2", "griffin:1"})
  void bundledRowsAreTheSameWeights(String mode) {
    SparsityMode sparsity = SparsityMode.parse(mode);
    LoadOptions copies = options(Repack.ON).withSparsity(sparsity).withDownType(TensorType.Q8_0);
    float[] plain = logits(options(Repack.OFF).withSparsity(sparsity), false);
    assertThat(deviation(plain, logits(copies, false))).isGreaterThan(0).isLessThan(0.03);
  }

  @Test
  void smallModelsAreLeftAsTheyAre() {
    try (LanguageModel model = LanguageModel.bundled(options(Repack.AUTO))) {
      assertThat(model.packedBytes()).isZero();
    }
  }

  @Test
  void copiesMustFitIntoMemory() {
    assertThat(Repack.fits(7_000, 10_000)).isTrue();
    assertThat(Repack.fits(7_001, 10_000)).isFalse();
  }

  @Test
  void closingFreesTheCopiesOnce() {
    LanguageModel model = LanguageModel.bundled(options(Repack.ON));
    assertThat(model.packedBytes()).isPositive();
    assertThatNoException().isThrownBy(model::close);
  }

  @Test
  void unknownNamesAreExplained() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Repack.parse("yes"))
        .withMessage("repack \"yes\" is unknown; known are auto, on, off");
  }

  /** The largest difference of the last logits, relative to the largest logit. */
  private static double deviation(boolean prompt) {
    return deviation(logits(options(Repack.OFF), prompt), logits(options(Repack.ON), prompt));
  }

  private static double deviation(float[] plain, float[] packed) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < plain.length; i++) {
      largest = Math.max(largest, Math.abs(plain[i]));
      difference = Math.max(difference, Math.abs(plain[i] - packed[i]));
    }
    return difference / largest;
  }

  private static float[] logits(LoadOptions options, boolean prompt) {
    try (LanguageModel model = LanguageModel.bundled(options);
        Session session = model.newSession()) {
      if (prompt) {
        float[][] last = new float[1][];
        session.evaluate(TOKENS, (position, logits) -> last[0] = logits.clone());
        return last[0];
      }
      float[] logits = {};
      for (int token : TOKENS) {
        logits = session.evaluate(token);
      }
      return logits.clone();
    }
  }

  private static LoadOptions options(Repack repack) {
    return LoadOptions.DEFAULTS
        .withThreads(2)
        .withContextLength(64)
        .withSparsity(SparsityMode.DENSE)
        .withRepack(repack);
  }
}
