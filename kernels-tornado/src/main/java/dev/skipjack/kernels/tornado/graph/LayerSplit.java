package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.LayerSpec;
import java.util.List;

/**
 * Which part of a decoder a device computes: its last layers and, if they fit too, the logits.
 *
 * @param firstLayer the first layer on the device
 * @param bytes of device memory for weights, caches and buffers
 */
public record LayerSplit(int firstLayer, boolean logits, long bytes) {
  /** The layers on the device. */
  public List<LayerSpec> deviceLayers(DecoderSpec spec) {
    return spec.layers().subList(firstLayer, spec.layers().size());
  }
}
