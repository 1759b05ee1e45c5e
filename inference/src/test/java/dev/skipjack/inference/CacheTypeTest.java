package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A rounded cache changes logits, but only a little. */
class CacheTypeTest {
  private static final int[] PROMPT = {1, 300, 7, 812, 45, 90, 1203, 16, 5, 5, 700, 33};

  @Test
  void roundedCachesGiveNearlyTheSameLogits() {
    float[] exact = logits(CacheType.F32);
    double range = 0;
    for (float logit : exact) {
      range = Math.max(range, Math.abs(logit));
    }
    double half = difference(exact, logits(CacheType.F16)) / range;
    double quantised = difference(exact, logits(CacheType.Q8_0)) / range;
    assertThat(half).isPositive().isLessThan(2e-3);
    assertThat(quantised).isGreaterThan(half).isLessThan(3e-2);
  }

  private static float[] logits(CacheType type) {
    try (LanguageModel model =
            LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(2).withCacheType(type));
        Session session = model.newSession()) {
      return session.evaluate(PROMPT).clone();
    }
  }

  private static double difference(float[] expected, float[] actual) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((double) expected[i] - actual[i]));
    }
    return largest;
  }
}
