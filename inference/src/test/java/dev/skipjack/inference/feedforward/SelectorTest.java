package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.feedforward.LayerRun.Way;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec.Input;
import dev.skipjack.models.spec.LayerSpec.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method, both ways to compute it and any number of workers, against plain formulas. */
class SelectorTest {
  private static final double TOLERANCE = 2e-6;

  record Case(TestLayer layer, String method, List<Float> parameters) {
    static Case of(TestLayer layer, String method, float... parameters) {
      List<Float> boxed = new ArrayList<>();
      for (float parameter : parameters) {
        boxed.add(parameter);
      }
      return new Case(layer, method, boxed);
    }
  }

  static Stream<Case> cases() {
    TestLayer relu = TestLayer.of(Form.GATED, "relu");
    TestLayer silu = TestLayer.of(Form.GATED, "silu");
    TestLayer symmetric = TestLayer.of(Form.GATED_SYMMETRIC, "relu");
    TestLayer ungated = TestLayer.of(Form.UNGATED, "relu2");
    return Stream.of(
        Case.of(relu, "exact"),
        Case.of(symmetric, "exact"),
        Case.of(ungated, "exact"),
        Case.of(ungated.withNorm(), "exact"),
        Case.of(relu.withNorm(), "exact"),
        Case.of(silu.withTopK(0.5f), "exact"),
        Case.of(silu, "cats", 0.2f),
        Case.of(silu, "cats", 0),
        Case.of(ungated, "cats", 0.3f),
        Case.of(symmetric, "cats", 0.3f),
        Case.of(relu, "predictor"),
        Case.of(symmetric, "predictor", -0.2f),
        Case.of(ungated.withNorm(), "predictor"),
        Case.of(silu, "predictor", Float.NEGATIVE_INFINITY),
        Case.of(relu.withPredictor(Topology.PARALLEL, Input.RESIDUAL), "predictor"),
        Case.of(relu.withPredictor(Topology.SEQUENTIAL, Input.NORMED), "predictor"),
        Case.of(relu, "sign"),
        Case.of(ungated, "sign", 1.3f),
        Case.of(silu, "topk", 20),
        Case.of(silu, "topk", 1000),
        Case.of(relu, "topk", 5),
        Case.of(ungated.withNorm(), "topk", 7),
        Case.of(relu, "reuse", 2),
        Case.of(ungated, "reuse", 3),
        Case.of(silu, "griffin", 0.5f),
        Case.of(relu, "griffin", 0.1f));
  }

  /** A prompt in two batches, then single tokens: positions 0 to 6, 7 to 8, 9 to 15. */
  private static float[] run(Case scenario, int workers, Way way) {
    List<float[]> outputs = new ArrayList<>();
    try (LayerRun run =
        new LayerRun(scenario.layer(), scenario.method(), scenario.parameters(), workers, way)) {
      outputs.add(run.step(0, 7, true));
      outputs.add(run.step(7, 2, true));
      for (int position = 9; position < 16; position++) {
        outputs.add(run.step(position, 1, false));
      }
    }
    return concatenate(outputs);
  }

  private static float[] concatenate(List<float[]> parts) {
    float[] whole = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsTheFormulas(Case scenario) {
    NaiveLayer naive = new NaiveLayer(scenario.layer(), scenario.method(), scenario.parameters());
    double[] expected = new double[16 * TestLayer.HIDDEN];
    for (int position = 0; position < 16; position++) {
      double[] output = naive.step(position, position < 9);
      System.arraycopy(output, 0, expected, position * TestLayer.HIDDEN, TestLayer.HIDDEN);
    }
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (Way way : Way.values()) {
      float[] actual = run(scenario, 2, way);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) actual[i])
            .as("%s, value %d", way, i)
            .isCloseTo(expected[i], within(TOLERANCE * largest));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void doesNotDependOnTheNumberOfWorkers(Case scenario) {
    for (Way way : Way.values()) {
      float[] alone = run(scenario, 1, way);
      assertThat(run(scenario, 2, way)).as("%s, 2 workers", way).containsExactly(alone);
      assertThat(run(scenario, 3, way)).as("%s, 3 workers", way).containsExactly(alone);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void reuseStartsAnewAfterARewind(Way way) {
    TestLayer layer = TestLayer.of(Form.GATED, "relu");
    NaiveLayer naive = new NaiveLayer(layer, "reuse", List.of(2f));
    try (LayerRun run = new LayerRun(layer, "reuse", List.of(2f), 2, way)) {
      follow(run, naive, 0, 6);
      naive.rewind();
      follow(run, naive, 1, 8);
    }
  }

  private static void follow(LayerRun run, NaiveLayer naive, int first, int last) {
    for (int position = first; position <= last; position++) {
      float[] actual = run.step(position, 1, position == 0);
      double[] expected = naive.step(position, position == 0);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) actual[i])
            .as("position %d", position)
            .isCloseTo(expected[i], within(1e-4));
      }
    }
  }

  @Test
  void griffinBeginsAnewWithAConversation() {
    TestLayer layer = TestLayer.of(Form.GATED, "silu");
    try (LayerRun used = new LayerRun(layer, "griffin", List.of(0.3f), 2, Way.STAGES);
        LayerRun fresh = new LayerRun(layer, "griffin", List.of(0.3f), 2, Way.STAGES)) {
      used.step(0, 16, true);
      used.step(16, 1, false);
      used.step(0, 3, true);
      fresh.step(0, 3, true);
      assertThat(used.step(3, 1, false)).containsExactly(fresh.step(3, 1, false));
    }
  }

  @Test
  void methodsRefuseWhatTheyCannotServe() {
    TestLayer silu = TestLayer.of(Form.GATED, "silu");
    assertRefused(silu, "exact", List.of(), "silu has no exact zeros; use cats");
    assertRefused(silu, "sign", List.of(), "silu has no exact zeros");
    assertRefused(silu, "reuse", List.of(4f), "silu has no exact zeros");
    assertRefused(silu, "cats", List.of(), "no calibrated threshold for layer 0; give one");
    assertRefused(silu.withTopK(1), "predictor", List.of(), "statistical top-k");
    assertRefused(silu, "predictor", List.of(Float.NaN), "the threshold is NaN");
  }

  private static void assertRefused(
      TestLayer layer, String method, List<Float> parameters, String reason) {
    assertThatThrownBy(() -> new LayerRun(layer, method, parameters, 1, Way.STAGES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }
}
