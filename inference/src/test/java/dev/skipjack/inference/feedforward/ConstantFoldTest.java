package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks with and without the constant of their activation give the same outputs. */
class ConstantFoldTest {
  private static final String WITH_CONSTANT = "polyrelu:0.4:0.7:-0.3:0.2";

  static Stream<DownSpec> downs() {
    DownSpec down = TestLayer.of(Form.UNGATED, WITH_CONSTANT).network().down();
    Tensor byNeuron = TestLayer.random("down_t", 3, TestLayer.LENGTH, TestLayer.HIDDEN);
    return Stream.of(
        down,
        new DownSpec(down.weight(), false, Optional.empty(), 1),
        new DownSpec(byNeuron, true, down.bias(), TestLayer.SCALE));
  }

  @ParameterizedTest
  @MethodSource("downs")
  void keepsTheFunction(DownSpec down) {
    Dense network = with(TestLayer.of(Form.UNGATED, WITH_CONSTANT).network(), down);
    Dense folded = ConstantFold.of(network);
    assertThat(folded.activation()).isEqualTo(ActivationSpec.parse("polyrelu:0:0.7:-0.3:0.2"));
    float[] x = TestLayer.floats(77, TestLayer.HIDDEN);
    double[] expected = output(network, x);
    double[] actual = output(folded, x);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-6 * largest));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"polyrelu:0:1:1:1", "relu2"})
  void leavesWhatHasZerosAlready(String activation) {
    Dense network = TestLayer.of(Form.UNGATED, activation).network();
    assertThat(ConstantFold.of(network)).isSameAs(network);
  }

  @ParameterizedTest
  @MethodSource("unfoldable")
  void leavesWhereTheConstantIsNotOne(TestLayer layer) {
    Dense network = layer.network();
    assertThat(ConstantFold.of(network)).isSameAs(network);
    assertThat(refusal(layer)).get().asString().contains("has no exact zeros");
  }

  static Stream<TestLayer> unfoldable() {
    return Stream.of(
        TestLayer.of(Form.GATED, WITH_CONSTANT),
        TestLayer.of(Form.UNGATED, WITH_CONSTANT).withNorm());
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH_CONSTANT, "polyrelu:0:1:1:1"})
  void letsExactServeTheModel(String activation) {
    assertThat(refusal(TestLayer.of(Form.UNGATED, activation))).isEmpty();
  }

  private static Optional<String> refusal(TestLayer layer) {
    return SelectionPlan.of(
            KernelProviders.get(), layer.decoder(), TestLayer.noMetadata(), List.of())
        .refusal(ThresholdSelector.EXACT);
  }

  private static Dense with(Dense network, DownSpec down) {
    return new Dense(
        network.length(),
        network.form(),
        network.activation(),
        network.gate(),
        network.up(),
        down,
        network.activationNorm(),
        network.topK(),
        network.predictor());
  }

  /** {@code scale Wd act(Wu x) + b} in double precision. */
  private static double[] output(Dense network, float[] x) {
    LinearSpec up = network.up();
    float[] upWeights = up.weight().toFloats();
    float[] upBias = up.bias().orElseThrow().toFloats();
    double[] a = new double[network.length()];
    for (int i = 0; i < a.length; i++) {
      double u = 0;
      for (int c = 0; c < x.length; c++) {
        u += (double) upWeights[i * x.length + c] * x[c];
      }
      a[i] = polynomial(network.activation().parameters(), u * up.scale() + upBias[i]);
    }
    DownSpec down = network.down();
    float[] weights = down.weight().toFloats();
    float[] bias = down.bias().map(Tensor::toFloats).orElse(new float[TestLayer.HIDDEN]);
    double[] y = new double[TestLayer.HIDDEN];
    for (int r = 0; r < y.length; r++) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += weights[down.neuronMajor() ? i * y.length + r : r * a.length + i] * a[i];
      }
      y[r] = down.scale() * sum + bias[r];
    }
    return y;
  }

  private static double polynomial(float[] a, double x) {
    double r = Math.max(0, x);
    return a[0] + a[1] * r + a[2] * r * r + a[3] * r * r * r;
  }
}
