package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.inference.device.DeviceRequest;
import dev.skipjack.kernels.activation.ActivationRegistry;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import java.util.List;

/**
 * Which neurons a device computes.
 *
 * @param thresholds of {@link Method#GATE} and {@link Method#PREDICTOR}: one for each layer, one
 *     for all, or none to take the file's own
 */
public record FeedForwardMode(Method method, List<Float> thresholds) {
  /** How neurons are left out. */
  public enum Method {
    /** Where the gate is exactly zero. */
    EXACT,
    /** Where the gate is small. */
    GATE,
    /** Where the predictor says so. */
    PREDICTOR
  }

  /** Leaves out nothing but what is zero. */
  public static final FeedForwardMode EXACT = new FeedForwardMode(Method.EXACT, List.of());

  public FeedForwardMode {
    thresholds = List.copyOf(thresholds);
  }

  /**
   * The mode that a request asks for.
   *
   * @throws IllegalArgumentException if devices do not have it
   */
  public static FeedForwardMode of(DeviceRequest request) {
    String method = request.sparsity();
    List<Float> thresholds = request.thresholds();
    return switch (method) {
      case "dense", "exact" -> EXACT;
      case "cats" -> new FeedForwardMode(Method.GATE, thresholds);
      case "predictor" -> new FeedForwardMode(Method.PREDICTOR, thresholds);
      default ->
          throw new IllegalArgumentException(
              "sparsity %s: not available on a device; use one of %s, or leave out --device"
                  .formatted(method, String.join(", ", DeviceRequest.METHODS)));
    };
  }

  /** Gates of a layer up to this magnitude count as zero. */
  float gateThreshold(int layer) {
    return method == Method.GATE ? threshold(layer, 0) : 0;
  }

  /** Logits of a layer's predictor from this on mean that a neuron is active. */
  float predictorThreshold(int layer, PredictorSpec predictor) {
    return threshold(layer, predictor.threshold());
  }

  /** The down projection to read: neuron by neuron if there is one and neurons are left out. */
  DownSpec down(Dense network) {
    DownSpec down = network.down();
    boolean skips = method != Method.EXACT || exactZeros(network.activation());
    return skips && down.transposed().isPresent()
        ? new DownSpec(down.transposed().get(), true, down.bias(), down.scale())
        : down;
  }

  private static boolean exactZeros(ActivationSpec spec) {
    return ActivationRegistry.scalar(spec.name(), spec.parameters()).exactZeros();
  }

  private float threshold(int layer, float own) {
    return switch (thresholds.size()) {
      case 0 -> own;
      case 1 -> thresholds.getFirst();
      default -> thresholds.get(layer);
    };
  }
}
