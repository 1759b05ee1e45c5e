package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.List;
import java.util.stream.Stream;

/**
 * The arrays of a layer on a device, in bytes.
 *
 * @param attention weights of its attention
 * @param cache keys and values of one conversation
 * @param network weights of its feed-forward network
 * @param fixed those that it needs however few neurons it has
 * @param neuron bytes of one neuron's weights, matrix by matrix
 * @param length neurons
 */
record LayerBytes(
    List<Long> attention,
    List<Long> cache,
    List<Long> network,
    List<Long> fixed,
    List<Long> neuron,
    int length) {
  /** Norms, headers and what drivers round up. */
  static final long PER_ARRAY = 4096;

  static LayerBytes of(DecoderSpec spec, LayerSpec layer, FeedForwardMode mode, GraphOptions to) {
    AttentionSpec attention = layer.attention();
    var projection = (ProjectionSpec.Direct) attention.projection();
    Dense network = (Dense) layer.feedForward();
    boolean predicts = mode.method() == FeedForwardMode.Method.PREDICTOR;
    List<Tensor> perNeuron =
        Stream.of(
                network.gate().map(LinearSpec::weight).stream(),
                Stream.of(network.up().weight(), mode.down(network).weight()),
                network.predictor().filter(p -> predicts).map(PredictorSpec::fc2).stream())
            .flatMap(tensors -> tensors)
            .toList();
    List<Long> fixed =
        network.predictor().filter(p -> predicts).map(PredictorSpec::fc1).stream()
            .map(DeviceMatrix::deviceBytes)
            .toList();
    long row = (long) Float.BYTES * to.context() * attention.kvHeadCount();
    return new LayerBytes(
        Stream.of(projection.query(), projection.key(), projection.value(), attention.output())
            .map(linear -> DeviceMatrix.deviceBytes(linear.weight()))
            .toList(),
        List.of(row * attention.keyLength(), row * attention.valueLength()),
        Stream.concat(perNeuron.stream().map(DeviceMatrix::deviceBytes), fixed.stream()).toList(),
        Stream.concat(
                fixed.stream(),
                Stream.of((long) Float.BYTES * to.batch() * spec.config().hiddenSize()))
            .toList(),
        perNeuron.stream()
            .map(tensor -> DeviceMatrix.deviceBytes(tensor) / network.length())
            .toList(),
        network.length());
  }

  /** All arrays of the layer. */
  List<Long> whole(int sessions) {
    return Stream.of(attention, caches(sessions), network).flatMap(List::stream).toList();
  }

  /** The arrays of a layer of which the device has only some neurons. */
  List<Long> part(int sessions, int neurons) {
    return Stream.of(
            attention,
            caches(sessions),
            fixed,
            neuron.stream().map(bytes -> bytes * neurons).toList())
        .flatMap(List::stream)
        .toList();
  }

  List<Long> caches(int sessions) {
    return cache.stream().map(bytes -> bytes * sessions).toList();
  }

  long neuronBytes() {
    return neuron.stream().mapToLong(bytes -> bytes).sum();
  }

  /** What arrays take together. */
  static long sum(List<Long> arrays) {
    return arrays.stream().mapToLong(bytes -> bytes + PER_ARRAY).sum();
  }
}
