package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.DeviceRequest;
import dev.skipjack.inference.device.HotNeurons;
import dev.skipjack.inference.device.NeuronSubset;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LayerSpec.Topology;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the kernels can and cannot compute. */
public final class Support {
  /** One requirement, and how to say that it is not met. */
  private record Rule(boolean met, String refusal) {}

  private Support() {}

  /** Why no layer of the model can run on a device, in a few words; empty if all can. */
  public static Optional<String> refusal(DecoderSpec spec, FeedForwardMode mode) {
    return spec.layers().stream()
        .flatMap(
            layer ->
                rules(layer, mode).stream()
                    .filter(rule -> !rule.met)
                    .map(rule -> "layer %d has %s".formatted(layer.index(), rule.refusal)))
        .findFirst();
  }

  /**
   * What a request knows of hot neurons, if its layers can be split.
   *
   * @throws DeviceException if they cannot though a file was given
   */
  public static Optional<HotNeurons> hotNeurons(DeviceRequest request) {
    if (request.hotNeurons().isEmpty()) {
      return Optional.empty();
    }
    for (LayerSpec layer : request.spec().layers()) {
      Optional<String> refusal = NeuronSubset.refusal((Dense) layer.feedForward());
      if (refusal.isPresent()) {
        if (request.options().hotNeurons().file().isEmpty()) {
          return Optional.empty();
        }
        throw new DeviceException(
            "hot neurons %s: layer %d cannot be split, it has %s"
                .formatted(request.hotNeurons().get().source(), layer.index(), refusal.get()));
      }
    }
    return request.hotNeurons();
  }

  /** Whether the output norm and the head can run on a device too. */
  static boolean computesLogits(DecoderSpec spec) {
    return rms(spec.outputNorm());
  }

  private static List<Rule> rules(LayerSpec layer, FeedForwardMode mode) {
    AttentionSpec attention = layer.attention();
    boolean norms =
        Stream.of(
                layer.attentionNorm(),
                layer.postAttentionNorm(),
                layer.feedForwardNorm(),
                layer.postFeedForwardNorm(),
                attention.queryNorm(),
                attention.keyNorm())
            .flatMap(Optional::stream)
            .allMatch(Support::rms);
    return Stream.concat(
            Stream.of(
                new Rule(norms, "a norm that is not RMS"),
                new Rule(
                    layer.topology() == Topology.SEQUENTIAL, "parallel attention and feed-forward"),
                new Rule(
                    attention.projection() instanceof ProjectionSpec.Direct, "latent attention"),
                new Rule(attention.outputNorm().isEmpty(), "a norm inside its attention"),
                new Rule(attention.temperature().isEmpty(), "an attention temperature")),
            feedForward(layer.feedForward(), mode))
        .toList();
  }

  private static Stream<Rule> feedForward(FeedForwardSpec spec, FeedForwardMode mode) {
    if (!(spec instanceof Dense network)) {
      return Stream.of(new Rule(false, "a mixture of experts"));
    }
    boolean plain =
        Stream.concat(network.gate().stream(), Stream.of(network.up())).allMatch(Support::plain);
    return Stream.of(
        new Rule(plain, "a bias or scale in gate or up"),
        new Rule(network.activationNorm().isEmpty(), "a norm inside its feed-forward network"),
        new Rule(network.topK().isEmpty(), "a statistical top-k"),
        new Rule(
            DeviceActivation.of(network.activation()).isPresent(),
            "activation %s, which is none of %s"
                .formatted(network.activation(), DeviceActivation.names())),
        new Rule(
            mode.method() != FeedForwardMode.Method.PREDICTOR
                || (network.predictor().isPresent() && network.down().byNeuron().isPresent()),
            "no predictor with a neuron-major down projection"));
  }

  private static boolean rms(NormSpec norm) {
    return norm.kind() == NormSpec.Kind.RMS && norm.bias().isEmpty();
  }

  private static boolean plain(LinearSpec linear) {
    return linear.bias().isEmpty() && linear.scale() == 1;
  }
}
