package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.RowMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The cumulative error of tail truncation (CETT; ReLU² Wins, arXiv 2402.03804) for every candidate
 * threshold {@code t}: the mean over tokens of {@code ||sum over neurons with n <= t of a w|| /
 * ||sum over all of a w||}, with {@code n = |a| ||w||} and {@code w} the neuron's column of down. A
 * token whose output is zero has none.
 *
 * <p>All candidates come out of one look at the activations: the neurons of a token are added up in
 * the order of {@code n}, so that the partial sums are the truncated tails. What is kept is one
 * number per candidate, whatever the length of the text.
 */
final class CettCurve implements NeuronAnalysis {
  private final List<Layer> layers = new ArrayList<>();

  /**
   * @param down neuron-major, by layer
   * @param norms of its rows
   * @param candidates ascending, by layer
   */
  CettCurve(
      FloatKernels floats, List<RowMatrix> down, List<float[]> norms, List<float[]> candidates) {
    for (int layer = 0; layer < down.size(); layer++) {
      layers.add(new Layer(floats, down.get(layer), norms.get(layer), candidates.get(layer)));
    }
  }

  @Override
  public void add(int layer, float[] neurons, int tokens) {
    layers.get(layer).add(neurons, tokens);
  }

  /**
   * The threshold for a target, by the search of the Sparsing Law's code (arXiv 2411.02335): the
   * candidate before the first that exceeds the target, found by bisection; 0, which drops nothing,
   * where the first one does.
   */
  float threshold(int layer, double target) {
    int index = index(layer, target);
    return index < 0 ? 0 : layers.get(layer).candidates[index];
  }

  /** The index of that candidate, or -1. */
  int index(int layer, double target) {
    double[] cett = layers.get(layer).curve();
    int left = 0;
    int right = cett.length - 1;
    while (left < right) {
      int middle = (left + right) / 2;
      if (cett[middle] > target) {
        right = middle;
      } else {
        left = middle + 1;
      }
    }
    return left - 1;
  }

  /** By candidate. */
  double[] curve(int layer) {
    return layers.get(layer).curve();
  }

  private static final class Layer {
    private final FloatKernels floats;
    private final RowMatrix down;
    private final float[] norms;
    private final float[] candidates;

    /** By candidate: how much the sum over tokens grows from the one before. */
    private final double[] growth;

    private final float[] sum;
    private final float[] row;
    private final long[] order;
    private final double[] lengths;
    private long tokens;
    private double[] curve = new double[0];

    Layer(FloatKernels floats, RowMatrix down, float[] norms, float[] candidates) {
      this.floats = floats;
      this.down = down;
      this.norms = norms;
      this.candidates = candidates;
      this.growth = new double[candidates.length];
      this.sum = new float[down.cols()];
      this.row = new float[down.cols()];
      this.order = new long[norms.length];
      this.lengths = new double[norms.length];
    }

    void add(float[] neurons, int count) {
      for (int t = 0; t < count; t++) {
        addToken(neurons, t * norms.length);
      }
      tokens += count;
      curve = new double[0];
    }

    private void addToken(float[] neurons, int offset) {
      int active = sort(neurons, offset);
      Arrays.fill(sum, 0);
      for (int k = 0; k < active; k++) {
        int neuron = (int) order[k];
        down.row(neuron, row, 0);
        floats.axpy(neurons[offset + neuron], row, 0, sum, 0, sum.length);
        lengths[k] = Math.sqrt(floats.dot(sum, 0, sum, 0, sum.length));
      }
      double whole = active == 0 ? 0 : lengths[active - 1];
      double before = 0;
      for (int k = 0; k < active && whole > 0; k++) {
        int candidate = firstFrom(Float.intBitsToFloat((int) (order[k] >>> Integer.SIZE)));
        if (candidate == candidates.length) {
          return;
        }
        growth[candidate] += (lengths[k] - before) / whole;
        before = lengths[k];
      }
    }

    /** Orders the neurons that add anything by their outputs, which are the upper halves. */
    private int sort(float[] neurons, int offset) {
      int active = 0;
      for (int i = 0; i < norms.length; i++) {
        float output = Math.abs(neurons[offset + i]) * norms[i];
        if (output > 0) {
          order[active++] = (long) Float.floatToRawIntBits(output) << Integer.SIZE | i;
        }
      }
      Arrays.sort(order, 0, active);
      return active;
    }

    /** The first candidate that is not below a value. */
    private int firstFrom(float value) {
      int from = 0;
      int to = candidates.length;
      while (from < to) {
        int middle = (from + to) >>> 1;
        if (candidates[middle] < value) {
          from = middle + 1;
        } else {
          to = middle;
        }
      }
      return from;
    }

    double[] curve() {
      if (curve.length == 0) {
        double[] means = new double[growth.length];
        double total = 0;
        for (int i = 0; i < growth.length; i++) {
          total += growth[i];
          means[i] = tokens == 0 ? 0 : total / tokens;
        }
        curve = means;
      }
      return curve;
    }
  }
}
