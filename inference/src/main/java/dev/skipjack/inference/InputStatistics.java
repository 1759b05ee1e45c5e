package dev.skipjack.inference;

import dev.skipjack.inference.layer.InputCounts;
import dev.skipjack.inference.layer.LinearRole;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * What linear maps that leave out inputs have read. Densities are fractions of the inputs of masked
 * tokens that were kept; prompts, which are not masked, count in the bytes alone.
 *
 * @param density over all maps, each input counting as many weights as it has: one minus the
 *     model-level sparsity of TEAL, low-rank parts left aside
 * @param maps by tensor name, for example {@code attn_q}, the density of each layer; do not modify
 * @param neurons density of the down projections' inputs, which are the neurons, by layer
 * @param attentionBytesRead weights of the attention branches read, low-rank parts included
 * @param attentionBytesTotal weights that dense computation would have read
 * @param feedForwardBytesRead the same of the feed-forward branches
 * @param feedForwardBytesTotal the same of the feed-forward branches
 */
public record InputStatistics(
    double density,
    Map<String, double[]> maps,
    double[] neurons,
    long attentionBytesRead,
    long attentionBytesTotal,
    long feedForwardBytesRead,
    long feedForwardBytesTotal) {
  InputStatistics(InputCounts counts) {
    this(
        counts.density(),
        byMap(counts),
        byLayer(counts, LinearRole.DOWN),
        sum(LinearRole::ofAttention, counts::bytesRead),
        sum(LinearRole::ofAttention, counts::bytesTotal),
        sum(role -> !role.ofAttention(), counts::bytesRead),
        sum(role -> !role.ofAttention(), counts::bytesTotal));
  }

  private static Map<String, double[]> byMap(InputCounts counts) {
    Map<String, double[]> densities = new TreeMap<>();
    for (LinearRole role : LinearRole.values()) {
      if (counts.bytesTotal(role) > 0) {
        densities.put(role.tensorName(), byLayer(counts, role));
      }
    }
    return densities;
  }

  private static double[] byLayer(InputCounts counts, LinearRole role) {
    double[] layers = new double[counts.layers()];
    Arrays.setAll(layers, layer -> counts.density(layer, role));
    return layers;
  }

  private static long sum(Predicate<LinearRole> wanted, ToLongFunction<LinearRole> bytes) {
    return EnumSet.allOf(LinearRole.class).stream().filter(wanted).mapToLong(bytes).sum();
  }

  /** Bytes read of all maps. */
  public long bytesRead() {
    return attentionBytesRead + feedForwardBytesRead;
  }

  /** Bytes that dense computation of the same batches would have read. */
  public long bytesTotal() {
    return attentionBytesTotal + feedForwardBytesTotal;
  }

  /** Bytes of feed-forward weights that were not read. */
  long feedForwardBytesSkipped() {
    return feedForwardBytesTotal - feedForwardBytesRead;
  }
}
