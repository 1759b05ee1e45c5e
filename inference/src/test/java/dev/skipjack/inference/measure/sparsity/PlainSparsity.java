package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.measure.TextWindows.Window;
import dev.skipjack.inference.reference.PlainNeurons;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The Sparsing Law's algorithm as it is written down: everything kept, every sum computed anew. */
final class PlainSparsity {
  private static final int CANDIDATES = 65_536;

  private final PlainNeurons model;
  private final List<Window> windows;
  private final int layers;

  /** By layer and token of all windows. */
  private final List<List<double[]>> activations = new ArrayList<>();

  PlainSparsity(PlainNeurons model, List<Window> windows) {
    this.model = model;
    this.windows = windows;
    for (Window window : windows) {
      List<List<double[]>> seen = model.activations(window.tokens());
      for (int layer = 0; layer < seen.size(); layer++) {
        if (layer == activations.size()) {
          activations.add(new ArrayList<>());
        }
        activations.get(layer).addAll(seen.get(layer));
      }
    }
    this.layers = activations.size();
  }

  int layers() {
    return layers;
  }

  List<double[]> activations(int layer) {
    return activations.get(layer);
  }

  double[] norms(int layer) {
    double[][] down = model.down(layer);
    double[] norms = new double[down[0].length];
    Arrays.setAll(
        norms, i -> Math.sqrt(Arrays.stream(down).mapToDouble(row -> row[i] * row[i]).sum()));
    return norms;
  }

  double[] candidates(int layer) {
    double[] norms = norms(layer);
    List<double[]> tokens = activations.get(layer);
    int count = tokens.size() * norms.length;
    double[] all = new double[count];
    for (int at = 0; at < count; at++) {
      all[at] =
          Math.abs(tokens.get(at / norms.length)[at % norms.length]) * norms[at % norms.length];
    }
    int stride = Math.max(count / CANDIDATES, 1);
    double[] sample = new double[(count + stride - 1) / stride];
    Arrays.setAll(sample, k -> all[k * stride]);
    Arrays.sort(sample);
    double position = 0.99 * (sample.length - 1);
    int below = (int) Math.floor(position);
    double largest = sample[below] + (position - below) * (sample[below + 1] - sample[below]);
    double smallest = Arrays.stream(all).min().orElseThrow();
    double[] candidates = new double[CANDIDATES];
    Arrays.setAll(candidates, i -> smallest + (largest - smallest) * i / (CANDIDATES - 1));
    return candidates;
  }

  /** Mean over tokens of the truncated tail's length over the whole output's. */
  double cett(int layer, double threshold) {
    double[][] down = model.down(layer);
    double[] norms = norms(layer);
    double sum = 0;
    for (double[] a : activations.get(layer)) {
      double tail = 0;
      double whole = 0;
      for (double[] row : down) {
        double tailSum = 0;
        double wholeSum = 0;
        for (int i = 0; i < a.length; i++) {
          wholeSum += row[i] * a[i];
          tailSum += Math.abs(a[i]) * norms[i] <= threshold ? row[i] * a[i] : 0;
        }
        tail += tailSum * tailSum;
        whole += wholeSum * wholeSum;
      }
      sum += whole == 0 ? 0 : Math.sqrt(tail / whole);
    }
    return sum / activations.get(layer).size();
  }

  double threshold(int layer, double[] candidates, double target) {
    int left = 0;
    int right = CANDIDATES - 1;
    while (left < right) {
      int middle = (left + right) / 2;
      if (cett(layer, candidates[middle]) > target) {
        right = middle;
      } else {
        left = middle + 1;
      }
    }
    return left == 0 ? 0 : candidates[left - 1];
  }

  double[][] neuronThresholds(double[] byLayer) {
    double[][] thresholds = new double[layers][];
    for (int layer = 0; layer < layers; layer++) {
      double threshold = byLayer[layer];
      thresholds[layer] = Arrays.stream(norms(layer)).map(norm -> threshold / norm).toArray();
    }
    return thresholds;
  }

  double loss(double[][] thresholds) {
    double sum = 0;
    int scored = 0;
    for (Window window : windows) {
      double[][] logits = model.logits(window.tokens(), thresholds);
      for (int t = window.firstScored(); t < window.tokens().length; t++, scored++) {
        double[] row = logits[t - 1];
        double normalizer = Math.log(Arrays.stream(row).map(Math::exp).sum());
        sum += normalizer - row[window.tokens()[t]];
      }
    }
    return sum / scored;
  }

  /** The CETT at which the perplexity has risen by so many per cent. */
  double search(double percent) {
    double[][] candidates = new double[layers][];
    Arrays.setAll(candidates, this::candidates);
    double dense = loss(neuronThresholds(new double[layers]));
    double low = 0;
    double high = 1;
    while (high - low > 1e-6) {
      double middle = (low + high) / 2;
      double[] byLayer = new double[layers];
      Arrays.setAll(byLayer, layer -> threshold(layer, candidates[layer], middle));
      if (Math.exp(loss(neuronThresholds(byLayer)) - dense) < 1 + percent / 100) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
