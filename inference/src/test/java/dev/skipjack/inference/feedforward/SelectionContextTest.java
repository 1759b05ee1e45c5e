package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.NormSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelectionContextTest {
  private static SelectionContext context(
      Dense network, Map<String, Object> metadata, List<Float> parameters) {
    return SelectionContext.of(
        KernelProviders.get(),
        new Metadata("test", metadata),
        TestLayer.of(Form.GATED, "silu").spec(),
        network,
        parameters);
  }

  private static Dense network() {
    return TestLayer.of(Form.GATED, "silu").network();
  }

  @Test
  void thresholdsComeFromTheUserOrTheFile() {
    Map<String, Object> perLayer =
        Map.of("sparse.kind", "cats", "sparse.threshold", new double[] {0.25, 0.5});
    Map<String, Object> single = Map.of("sparse.kind", "cats", "sparse.threshold", 0.125);
    assertThat(context(network(), perLayer, List.of()).threshold("cats")).contains(0.25f);
    assertThat(context(network(), perLayer, List.of(3f)).threshold("cats")).contains(3f);
    assertThat(context(network(), single, List.of()).threshold("cats")).contains(0.125f);
    assertThat(context(network(), single, List.of()).threshold("predictor")).isEmpty();
    assertThat(context(network(), Map.of(), List.of()).threshold("cats")).isEmpty();
    assertThat(
            context(
                    network(),
                    Map.of("sparse.kind", "cats", "sparse.threshold", new double[0]),
                    List.of())
                .threshold("cats"))
        .isEmpty();
  }

  @Test
  void aThresholdInTheFileMustBeANumber() {
    Map<String, Object> metadata =
        Map.of("sparse.kind", "cats", "sparse.threshold", new double[] {Double.NaN});
    assertThat(ThresholdSelector.CATS.refusal().of(context(network(), metadata, List.of())))
        .contains("the threshold is NaN, expected a number of 0 or more");
  }

  @Test
  void predictorsOfAnotherShapeAreRefused() {
    Dense network = network();
    PredictorSpec predictor =
        new PredictorSpec(
            TestLayer.random("fc1", 1, 9, TestLayer.HIDDEN),
            TestLayer.random("fc2", 2, TestLayer.LENGTH, 8),
            0,
            PredictorSpec.Input.NORMED,
            true);
    assertThat(refusal(with(network, Optional.of(predictor))))
        .contains(
            "predictor of layer 0: found fc1 F32 [9, 84] and fc2 F32 [150, 8],"
                + " expected [rank x 84] and [150 x rank]");
    assertThat(refusal(with(network, Optional.empty())))
        .contains("layer 0 has no predictor (tensors fc1 and fc2); use exact or cats");
    assertThat(refusal(network)).isEmpty();
  }

  private static Optional<String> refusal(Dense network) {
    return PredictorSelector.METHOD.refusal().of(context(network, Map.of(), List.of()));
  }

  private static Dense with(Dense network, Optional<PredictorSpec> predictor) {
    return new Dense(
        network.length(),
        network.form(),
        network.activation(),
        network.gate(),
        network.up(),
        network.down(),
        network.activationNorm(),
        network.topK(),
        predictor);
  }

  @Test
  void normsThatMoveZerosAreRefused() {
    Dense network = TestLayer.of(Form.GATED, "relu").withNorm().network();
    assertThat(context(network, Map.of(), List.of()).refuseAlways()).isEmpty();
    NormSpec rms = network.activationNorm().orElseThrow();
    NormSpec layerNorm =
        new NormSpec(NormSpec.Kind.LAYER, rms.weight(), Optional.empty(), rms.epsilon());
    Dense moved =
        new Dense(
            network.length(),
            network.form(),
            network.activation(),
            network.gate(),
            network.up(),
            network.down(),
            Optional.of(layerNorm),
            network.topK(),
            network.predictor());
    assertThat(context(moved, Map.of(), List.of()).refuseAlways())
        .contains("the norm before the down projection moves zeros; use dense");
  }
}
