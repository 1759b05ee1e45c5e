package dev.skipjack.inference.device;

import java.util.List;
import java.util.Optional;

/**
 * A layer of which a device computes everything but the cold neurons of its feed-forward network,
 * which are the processor's.
 *
 * @param layer index in the decoder
 * @param hot the neurons of the device, ascending, fewer than the layer has; do not modify
 */
public record SharedLayer(int layer, int[] hot) {
  /** Of several layers, the one with an index, if it is shared. */
  public static Optional<SharedLayer> find(List<SharedLayer> layers, int index) {
    return layers.stream().filter(shared -> shared.layer == index).findFirst();
  }

  /** The neurons of the processor, ascending. */
  public int[] cold(int length) {
    int[] cold = new int[length - hot.length];
    int next = 0;
    for (int i = 0, count = 0; i < length; i++) {
      if (next < hot.length && hot[next] == i) {
        next++;
      } else {
        cold[count++] = i;
      }
    }
    return cold;
  }
}
