package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.ActiveNeurons;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.NormSpec;
import java.util.Optional;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The kernel calls of the feed-forward branch of a layer that {@link Support} accepts. A whole
 * branch is {@link #begin}, {@link #neurons}, {@link #end}; of one that is shared with the
 * processor, these come in graphs of their own, the last after {@link #addCold}.
 */
final class FeedForwardGraph {
  private final Kernels kernels;
  private final SharedArrays shared;
  private final LayerSpec layer;
  private final FeedForwardMode mode;
  private final Branch branch;
  private final Optional<NormSpec> post;

  FeedForwardGraph(Kernels kernels, SharedArrays shared, LayerSpec layer, FeedForwardMode mode) {
    this.kernels = kernels;
    this.shared = shared;
    this.layer = layer;
    this.mode = mode;
    this.branch = new Branch(kernels, shared, layer);
    this.post = layer.postFeedForwardNorm();
  }

  void begin() {
    branch.begin("feedForwardNorm", layer.feedForwardNorm());
  }

  /**
   * Computes neurons and projects them down.
   *
   * @param network the layer's, or some neurons of it
   */
  void neurons(Dense network, WeightSource weights) {
    DeviceNeurons neurons = DeviceNeurons.of(network, mode.gateThreshold(layer.index()), weights);
    DownSpec spec = mode.down(network);
    DeviceLinear down = DeviceLinear.of(spec, weights);
    if (mode.method() == FeedForwardMode.Method.PREDICTOR) {
      predict(network.predictor().orElseThrow(), network.length(), weights);
      kernels.activateListed("neurons", neurons, shared.normed, shared.active, shared.neurons);
      gather(down, ActiveNeurons.BY_PLACE);
      return;
    }
    kernels.activate("neurons", neurons, shared.normed, shared.neurons);
    if (spec.neuronMajor()) {
      kernels.list(
          "active", shared.neurons, network.length(), shared.active, ActiveNeurons.NONZERO, 0);
      gather(down, ActiveNeurons.BY_NEURON);
    } else {
      kernels.multiply(
          "down",
          down,
          shared.neurons,
          branch.target(post),
          branch.factor(post),
          branch.store(post));
    }
  }

  /** Lists the neurons that the predictor expects to be active. */
  private void predict(PredictorSpec predictor, int length, WeightSource weights) {
    FloatArray input =
        predictor.input() == PredictorSpec.Input.RESIDUAL ? shared.residual : shared.normed;
    var first =
        DeviceNeurons.predictor(DeviceMatrix.of(predictor.fc1(), weights), predictor.hiddenRelu());
    var second = DeviceNeurons.predictor(DeviceMatrix.of(predictor.fc2(), weights), false);
    kernels.activate("predictorFirst", first, input, shared.predictorHidden);
    kernels.activate("predictorSecond", second, shared.predictorHidden, shared.predictions);
    kernels.list(
        "predicted",
        shared.predictions,
        length,
        shared.active,
        ActiveNeurons.NOT_BELOW,
        mode.predictorThreshold(layer.index(), predictor));
  }

  private void gather(DeviceLinear down, int order) {
    kernels.down(
        "down",
        down,
        shared.neurons,
        shared.active,
        branch.target(post),
        branch.factor(post),
        ActiveNeurons.modes(branch.store(post), order));
  }

  /**
   * Adds what the processor computed.
   *
   * @param alone whether the device computed nothing of the branch
   */
  void addCold(boolean alone) {
    int hidden = shared.hiddenSize();
    if (alone && post.isPresent()) {
      kernels.copy("cold", shared.cold, shared.branch, hidden);
    } else {
      kernels.add("cold", shared.cold, branch.target(post), hidden, branch.factor(post));
    }
  }

  void end() {
    branch.end("postFeedForward", post);
  }
}
