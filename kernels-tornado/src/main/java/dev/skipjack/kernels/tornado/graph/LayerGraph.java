package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.ActiveNeurons;
import dev.skipjack.kernels.tornado.kernel.Projection;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.Optional;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** The kernel calls of one decoder layer. */
final class LayerGraph {
  private final Kernels kernels;
  private final SharedArrays shared;
  private final LayerSpec layer;
  private final FeedForwardMode mode;
  private final WeightSource weights;

  private LayerGraph(
      Kernels kernels,
      SharedArrays shared,
      LayerSpec layer,
      FeedForwardMode mode,
      WeightSource weights) {
    this.kernels = kernels;
    this.shared = shared;
    this.layer = layer;
    this.mode = mode;
    this.weights = weights;
  }

  /** Adds the calls of a layer that {@link Support} accepts. */
  static void add(
      Kernels kernels,
      SharedArrays shared,
      LayerSpec layer,
      int context,
      FeedForwardMode mode,
      WeightSource weights) {
    LayerGraph graph = new LayerGraph(kernels, shared, layer, mode, weights);
    graph.attention(context);
    graph.feedForward();
  }

  private void attention(int context) {
    AttentionSpec spec = layer.attention();
    var projection = (ProjectionSpec.Direct) spec.projection();
    prepare("attentionNorm", layer.attentionNorm());
    project("query", projection.query(), shared.query);
    project("key", projection.key(), shared.key);
    project("value", projection.value(), shared.value);
    headNorm("queryNorm", spec.queryNorm(), shared.query, spec.headCount() * spec.keyLength());
    headNorm("keyNorm", spec.keyNorm(), shared.key, spec.kvHeadCount() * spec.keyLength());
    shared
        .rotation(layer)
        .ifPresent(
            rotation -> {
              int length = spec.keyLength();
              kernels.rotate("rotateQuery", shared.query, rotation, spec.headCount(), length);
              kernels.rotate("rotateKey", shared.key, rotation, spec.kvHeadCount(), length);
            });
    DeviceCache cache = DeviceCache.of(spec, context);
    kernels.store("store", shared.key, shared.value, cache);
    kernels.attend("attend", shared.query, cache, shared.scores, shared.attended);
    DeviceLinear output = DeviceLinear.of(spec.output(), weights);
    kernels.multiply(
        "output",
        output,
        shared.attended,
        target(layer.postAttentionNorm()),
        factor(layer.postAttentionNorm()),
        store(layer.postAttentionNorm()));
    join("postAttention", layer.postAttentionNorm());
  }

  /** A branch reads the residual as it is unless a norm comes first. */
  private void prepare(String id, Optional<NormSpec> norm) {
    if (norm.isPresent()) {
      norm(id, shared.residual, norm, shared.normed, 1);
    } else {
      kernels.copy(id, shared.residual, shared.normed, shared.hiddenSize());
    }
  }

  private void project(String id, LinearSpec spec, FloatArray out) {
    kernels.multiply(id, DeviceLinear.of(spec, weights), shared.normed, out, 1, Projection.STORE);
  }

  private void headNorm(String id, Optional<NormSpec> norm, FloatArray x, int row) {
    norm.ifPresent(spec -> norm(id, x, norm, x, SharedArrays.vectors(spec, row)));
  }

  private void norm(String id, FloatArray x, Optional<NormSpec> norm, FloatArray out, int vectors) {
    norm.ifPresent(spec -> kernels.norm(id, x, DeviceNorm.of(spec), out, vectors));
  }

  private void feedForward() {
    Dense network = (Dense) layer.feedForward();
    prepare("feedForwardNorm", layer.feedForwardNorm());
    float threshold =
        mode.method() == FeedForwardMode.Method.GATE ? mode.threshold().orElse(0f) : 0;
    DeviceNeurons neurons = DeviceNeurons.of(network, threshold, weights);
    DeviceLinear down = DeviceLinear.of(network.down(), weights);
    if (mode.method() == FeedForwardMode.Method.PREDICTOR) {
      predict(network.predictor().orElseThrow(), network.length());
      kernels.activateListed("neurons", neurons, shared.normed, shared.active, shared.neurons);
      gather(down, ActiveNeurons.BY_PLACE);
    } else {
      kernels.activate("neurons", neurons, shared.normed, shared.neurons);
      if (network.down().neuronMajor()) {
        kernels.list(
            "active", shared.neurons, network.length(), shared.active, ActiveNeurons.NONZERO, 0);
        gather(down, ActiveNeurons.BY_NEURON);
      } else {
        Optional<NormSpec> post = layer.postFeedForwardNorm();
        kernels.multiply("down", down, shared.neurons, target(post), factor(post), store(post));
      }
    }
    join("postFeedForward", layer.postFeedForwardNorm());
  }

  /** Lists the neurons that the predictor expects to be active. */
  private void predict(PredictorSpec predictor, int length) {
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
        mode.threshold().orElse(predictor.threshold()));
  }

  private void gather(DeviceLinear down, int order) {
    Optional<NormSpec> post = layer.postFeedForwardNorm();
    kernels.down(
        "down",
        down,
        shared.neurons,
        shared.active,
        target(post),
        factor(post),
        ActiveNeurons.modes(store(post), order));
  }

  /** A branch goes into the residual at once, unless a norm follows it. */
  private FloatArray target(Optional<NormSpec> post) {
    return post.isPresent() ? shared.branch : shared.residual;
  }

  private float factor(Optional<NormSpec> post) {
    return post.isPresent() ? 1 : layer.residualScale();
  }

  private int store(Optional<NormSpec> post) {
    return post.isPresent() ? Projection.STORE : Projection.ADD;
  }

  private void join(String id, Optional<NormSpec> post) {
    post.ifPresent(
        spec -> {
          norm(id + "Norm", shared.branch, post, shared.branch, 1);
          kernels.add(
              id + "Add", shared.branch, shared.residual, spec.size(), layer.residualScale());
        });
  }
}
