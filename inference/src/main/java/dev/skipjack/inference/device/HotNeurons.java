package dev.skipjack.inference.device;

import java.util.List;

/**
 * What is known of which neurons of a model fire often, layer by layer. Arrays are not to be
 * modified.
 */
public sealed interface HotNeurons {
  /** Where it comes from, for people. */
  String source();

  /**
   * Sets that somebody chose for a device.
   *
   * @param layers the hot neurons of each layer, ascending
   */
  record Chosen(String source, List<int[]> layers) implements HotNeurons {
    public Chosen {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Counts from which a device can fill whatever memory it has.
   *
   * @param layers how often each neuron of each layer was active
   */
  record Counted(String source, List<int[]> layers) implements HotNeurons {
    public Counted {
      layers = List.copyOf(layers);
    }
  }
}
