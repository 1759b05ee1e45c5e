package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Activations;
import dev.skipjack.kernels.tornado.kernel.FeedForward;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Gate, up and activation of a feed-forward network in device form.
 *
 * @param gate not read if there is none
 * @param parameters of the activation; see {@link Activations}
 * @param kinds activation and form, packed
 */
record DeviceNeurons(DeviceMatrix gate, DeviceMatrix up, FloatArray parameters, int kinds) {
  /**
   * @param threshold gates up to this magnitude count as zero
   */
  static DeviceNeurons of(Dense network, float threshold, WeightSource source) {
    DeviceMatrix up = DeviceMatrix.of(network.up().weight(), source);
    DeviceMatrix gate =
        network.gate().map(linear -> DeviceMatrix.of(linear.weight(), source)).orElse(up);
    int form =
        switch (network.form()) {
          case UNGATED -> FeedForward.UNGATED;
          case GATED -> FeedForward.GATED;
          case GATED_SYMMETRIC -> FeedForward.SYMMETRIC;
        };
    DeviceActivation activation = DeviceActivation.require(network.activation());
    return new DeviceNeurons(
        gate, up, activation.parameters(threshold), FeedForward.pack(activation.number(), form));
  }

  /** One layer of a predictor, {@code y = relu(W x)} or {@code y = W x}. */
  static DeviceNeurons predictor(DeviceMatrix weights, boolean relu) {
    ActivationSpec spec = ActivationSpec.of(relu ? "relu" : "identity");
    DeviceActivation activation = DeviceActivation.require(spec);
    return new DeviceNeurons(
        weights,
        weights,
        activation.parameters(0),
        FeedForward.pack(activation.number(), FeedForward.UNGATED));
  }

  int formats() {
    return FeedForward.pack(gate.format(), up.format());
  }
}
