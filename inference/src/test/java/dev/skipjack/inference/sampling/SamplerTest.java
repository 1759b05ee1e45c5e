package dev.skipjack.inference.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final float[] LOGITS = {1, 3, 2, 0, -1};

  private static Sampler sampler(float temperature, int topK, float topP, float minP, long seed) {
    return new Sampler(LOGITS.length, temperature, topK, topP, minP, new RepeatPenalty(1, 0), seed);
  }

  private static Set<Integer> drawn(Sampler sampler) {
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      ids.add(sampler.sample(LOGITS.clone(), 0, LOGITS.length));
    }
    return ids;
  }

  @Test
  void temperatureZeroTakesTheLargestAndTheFirstAmongEquals() {
    Sampler greedy = sampler(0, 0, 1, 0, 1);
    assertThat(greedy.sample(LOGITS.clone(), 0, 5)).isEqualTo(1);
    assertThat(greedy.sample(new float[] {2, 7, 7, 7, 0}, 0, 5)).isEqualTo(1);
    assertThat(greedy.sample(new float[] {Float.NaN, -5, Float.NaN, -4, -6}, 0, 5)).isEqualTo(3);
  }

  @Test
  void topKKeepsTheLargest() {
    assertThat(drawn(sampler(1, 2, 1, 0, 1))).containsExactlyInAnyOrder(1, 2);
    assertThat(drawn(sampler(5, 0, 1, 0, 1))).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  void topPKeepsTheSmallestSetOfThatMass() {
    // Probabilities: 0.0852, 0.6305, 0.2320, 0.0314, 0.0115 before sorting.
    assertThat(drawn(sampler(1, 0, 0.62f, 0, 1))).containsExactlyInAnyOrder(1);
    assertThat(drawn(sampler(1, 0, 0.64f, 0, 1))).containsExactlyInAnyOrder(1, 2);
    assertThat(drawn(sampler(1, 0, 0.90f, 0, 1))).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void minPIsRelativeToTheLargest() {
    // Relative to the largest: e^-2 = 0.135, e^-1 = 0.368.
    assertThat(drawn(sampler(1, 0, 1, 0.2f, 1))).containsExactlyInAnyOrder(1, 2);
    assertThat(drawn(sampler(1, 0, 1, 0.1f, 1))).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void frequenciesFollowTheSoftmaxAtThatTemperature() {
    int draws = 200_000;
    Sampler sampler = sampler(2, 0, 1, 0, 3);
    int[] counts = new int[LOGITS.length];
    for (int i = 0; i < draws; i++) {
      counts[sampler.sample(LOGITS.clone(), 0, LOGITS.length)]++;
    }
    double total = 0;
    for (float logit : LOGITS) {
      total += Math.exp(logit / 2);
    }
    for (int id = 0; id < LOGITS.length; id++) {
      assertThat((double) counts[id] / draws)
          .isCloseTo(Math.exp(LOGITS[id] / 2) / total, within(0.005));
    }
  }

  @Test
  void repeatPenaltyCountsEachRecentTokenOnce() {
    Sampler sampler = new Sampler(LOGITS.length, 0, 0, 1, 0, new RepeatPenalty(2, 3), 1);
    sampler.accept(0);
    for (int token : new int[] {1, 4, 1}) {
      sampler.accept(token);
    }
    float[] logits = LOGITS.clone();
    assertThat(sampler.sample(logits, 0, LOGITS.length)).isEqualTo(2);
    assertThat(logits).containsExactly(1, 1.5f, 2, 0, -2);
  }

  @Test
  void equalSeedsDrawEqually() {
    int[] first = new int[50];
    int[] second = new int[50];
    Sampler a = sampler(1, 0, 1, 0, 9);
    Sampler b = sampler(1, 0, 1, 0, 9);
    Arrays.setAll(first, i -> a.sample(LOGITS.clone(), 0, LOGITS.length));
    Arrays.setAll(second, i -> b.sample(LOGITS.clone(), 0, LOGITS.length));
    assertThat(first).isEqualTo(second);
  }
}
