package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.inference.device.SharedLayer;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LayerSpec;
import java.util.List;

/**
 * Which part of a decoder a device computes: its last layers, some of them without their cold
 * neurons, and, if they fit too, the logits.
 *
 * @param firstLayer the first layer on the device
 * @param shared layers whose cold neurons are the processor's, in order
 * @param sessions conversations that the cache has room for
 * @param bytes of device memory for weights, caches and buffers
 */
public record LayerSplit(
    int firstLayer, boolean logits, List<SharedLayer> shared, int sessions, long bytes) {
  public LayerSplit {
    shared = List.copyOf(shared);
  }

  /** The layers on the device. */
  public List<LayerSpec> deviceLayers(DecoderSpec spec) {
    return spec.layers().subList(firstLayer, spec.layers().size());
  }

  /** How much of the shared layers the device has, for people; empty if there are none. */
  public String describeShared(DecoderSpec spec) {
    if (shared.isEmpty()) {
      return "";
    }
    long hot = 0;
    long all = 0;
    for (SharedLayer layer : shared) {
      hot += layer.hot().length;
      all += ((Dense) spec.layers().get(layer.layer()).feedForward()).length();
    }
    return " (%.0f %% of the neurons of %d)".formatted(100.0 * hot / all, shared.size());
  }
}
