package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.inference.device.HotNeurons;
import dev.skipjack.inference.device.SharedLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Chooses the neurons of a device, as PowerInfer does (arXiv 2312.12456, section 6.3): attention
 * comes first, and what memory it leaves goes to the groups of neurons that fire most often. Taking
 * the best group again and again is optimal where groups are equally large.
 *
 * @param layers of the decoder
 * @param memory bytes to use
 * @param fits whether arrays can be made
 */
record HotNeuronPlanner(
    List<LayerBytes> layers, int sessions, long memory, Predicate<List<Long>> fits) {
  /** Neurons that are taken together. */
  private static final int GROUP = 64;

  /**
   * Layers on the device, from {@code firstLayer} on.
   *
   * @param shared those that are not whole
   * @param bytes that are used
   */
  record Plan(int firstLayer, List<SharedLayer> shared, long bytes) {}

  /**
   * Neurons that a device could take.
   *
   * @param neurons in no order
   * @param worth activations per byte
   */
  private record Group(int layer, int[] neurons, double worth) {}

  /**
   * Plans at most {@code most} layers from the last on.
   *
   * @param used bytes that are spent already
   */
  Plan plan(HotNeurons hot, int most, long used) {
    return switch (hot) {
      case HotNeurons.Chosen chosen -> chosen(chosen.layers(), most, used);
      case HotNeurons.Counted counted -> counted(counted.layers(), most, used);
    };
  }

  private Plan chosen(List<int[]> hot, int most, long used) {
    long bytes = used;
    int first = layers.size();
    List<SharedLayer> shared = new ArrayList<>();
    while (first > layers.size() - most) {
      int[] neurons = hot.get(first - 1);
      LayerBytes layer = layers.get(first - 1);
      boolean whole = neurons.length == layer.length();
      List<Long> arrays = whole ? layer.whole(sessions) : layer.part(sessions, neurons.length);
      if (!fits.test(arrays) || bytes + LayerBytes.sum(arrays) > memory) {
        break;
      }
      bytes += LayerBytes.sum(arrays);
      first--;
      if (!whole) {
        shared.addFirst(new SharedLayer(first, neurons));
      }
    }
    return new Plan(first, shared, bytes);
  }

  private Plan counted(List<int[]> counts, int most, long used) {
    long bytes = used;
    int first = layers.size();
    while (first > layers.size() - most) {
      List<Long> arrays = layers.get(first - 1).part(sessions, 0);
      if (!fits.test(arrays) || bytes + LayerBytes.sum(arrays) > memory) {
        break;
      }
      bytes += LayerBytes.sum(arrays);
      first--;
    }
    int[][] taken = new int[layers.size()][0];
    for (Group group : groups(counts, first)) {
      LayerBytes layer = layers.get(group.layer);
      long more = layer.neuronBytes() * group.neurons.length;
      int length = taken[group.layer].length + group.neurons.length;
      if (bytes + more <= memory && fits.test(layer.part(sessions, length))) {
        bytes += more;
        taken[group.layer] = join(taken[group.layer], group.neurons);
      }
    }
    List<SharedLayer> shared = new ArrayList<>();
    for (int i = first; i < layers.size(); i++) {
      if (taken[i].length < layers.get(i).length()) {
        Arrays.sort(taken[i]);
        shared.add(new SharedLayer(i, taken[i]));
      }
    }
    return new Plan(first, shared, bytes);
  }

  /** The groups of all layers from {@code first} on, the best first. */
  private List<Group> groups(List<int[]> counts, int first) {
    List<Group> groups = new ArrayList<>();
    for (int i = first; i < layers.size(); i++) {
      int[] layer = counts.get(i);
      int[] ranked =
          IntStream.range(0, layer.length)
              .boxed()
              .sorted(Comparator.comparingInt(neuron -> -layer[neuron]))
              .mapToInt(neuron -> neuron)
              .toArray();
      for (int from = 0; from < ranked.length; from += GROUP) {
        int[] neurons = Arrays.copyOfRange(ranked, from, Math.min(ranked.length, from + GROUP));
        double sum = Arrays.stream(neurons).mapToDouble(neuron -> layer[neuron]).sum();
        double bytes = (double) layers.get(i).neuronBytes() * neurons.length;
        groups.add(new Group(i, neurons, sum / bytes));
      }
    }
    groups.sort(Comparator.comparingDouble(Group::worth).reversed());
    return groups;
  }

  private static int[] join(int[] a, int[] b) {
    int[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
