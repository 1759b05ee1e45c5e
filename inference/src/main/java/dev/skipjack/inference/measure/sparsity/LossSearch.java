package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.measure.TextWindows.Window;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * PPL-p% of the Sparsing Law (arXiv 2411.02335): the largest CETT, and so the fewest neurons, whose
 * thresholds raise the perplexity by no more than p per cent, found by bisection. Each try runs the
 * text with neurons {@code |a| < t / ||w||} zeroed, {@code t} being the layer's threshold for the
 * CETT; tries that lead to thresholds already tried are not run again.
 */
final class LossSearch {
  private static final double WIDTH = 1e-6;

  /** Halvings of the interval [0, 1] down to that width. */
  static final int STEPS = 20;

  private final WatchedModel model;
  private final List<Window> windows;
  private final CettCurve curve;
  private final NeuronOutputs outputs;
  private final double denseLoss;
  private final Map<List<Integer>, Trial> trials = new HashMap<>();

  /**
   * What thresholds do.
   *
   * @param loss mean negative log likelihood
   * @param densities by layer, the fraction of neurons left
   * @param thresholds by layer, on neuron outputs
   */
  record Trial(double cett, double loss, double[] densities, float[] thresholds) {}

  LossSearch(
      WatchedModel model,
      List<Window> windows,
      CettCurve curve,
      NeuronOutputs outputs,
      double denseLoss) {
    this.model = model;
    this.windows = windows;
    this.curve = curve;
    this.outputs = outputs;
    this.denseLoss = denseLoss;
  }

  /**
   * Searches.
   *
   * @param percent p, above 0
   * @param progress hears how many of {@link #STEPS} steps are done
   */
  Trial search(double percent, IntConsumer progress) {
    double low = 0;
    double high = 1;
    for (int step = 1; high - low > WIDTH; step++) {
      double middle = (low + high) / 2;
      if (Math.exp(run(middle).loss() - denseLoss) < 1 + percent / 100) {
        low = middle;
      } else {
        high = middle;
      }
      progress.accept(step);
    }
    double cett = (low + high) / 2;
    Trial found = run(cett);
    return new Trial(cett, found.loss(), found.densities(), found.thresholds());
  }

  private Trial run(double cett) {
    List<Integer> indices = layers().mapToObj(layer -> curve.index(layer, cett)).toList();
    return trials.computeIfAbsent(indices, key -> measure(cett));
  }

  private Trial measure(double cett) {
    float[] thresholds = new float[outputs.norms().size()];
    layers().forEach(layer -> thresholds[layer] = curve.threshold(layer, cett));
    NeuronThresholds least = model.thresholds();
    least.set(layers().mapToObj(layer -> outputs.onActivations(layer, thresholds[layer])).toList());
    try {
      double loss = model.loss(windows, done -> {});
      return new Trial(cett, loss, least.densities(), thresholds);
    } finally {
      least.clear();
    }
  }

  private IntStream layers() {
    return IntStream.range(0, outputs.norms().size());
  }
}
