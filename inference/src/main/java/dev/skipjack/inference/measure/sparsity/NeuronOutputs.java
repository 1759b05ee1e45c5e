package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.feedforward.NeuronMajorCopies;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What a neuron adds to the output of its layer when it is 1: its column of the down projection.
 * Columns are read from neuron-major tensors of the file or from copies, which are exact up to 256
 * MB and rounded to F16 above, see {@link NeuronMajorCopies}.
 */
final class NeuronOutputs implements AutoCloseable {
  private final NeuronMajorCopies copies;
  private final List<RowMatrix> down = new ArrayList<>();
  private final List<float[]> norms = new ArrayList<>();

  NeuronOutputs(WatchedModel model, List<Dense> networks) {
    this.copies = new NeuronMajorCopies(networks.stream().map(Dense::down).toList());
    try {
      FloatKernels floats = model.kernels().floats();
      for (Dense network : networks) {
        DownSpec spec = copies.of(network.down(), model.team());
        RowMatrix matrix = model.kernels().matrix(spec.weight());
        down.add(matrix);
        norms.add(norms(floats, matrix, Math.abs(spec.scale())));
      }
    } catch (RuntimeException | Error e) {
      copies.close();
      throw e;
    }
  }

  private static float[] norms(FloatKernels floats, RowMatrix down, float scale) {
    float[] norms = new float[down.rows()];
    float[] row = new float[down.cols()];
    for (int i = 0; i < norms.length; i++) {
      down.row(i, row, 0);
      norms[i] = scale * (float) Math.sqrt(floats.dot(row, 0, row, 0, row.length));
    }
    return norms;
  }

  /** By layer, neuron-major {@code [neurons x hidden]}. */
  List<RowMatrix> down() {
    return down;
  }

  /** By layer and neuron, the Euclidean norm of the column. */
  List<float[]> norms() {
    return norms;
  }

  /** A threshold on outputs as one on the activations of each neuron of a layer. */
  float[] onActivations(int layer, float threshold) {
    float[] thresholds = norms.get(layer).clone();
    for (int i = 0; i < thresholds.length; i++) {
      thresholds[i] = threshold / thresholds[i];
    }
    return thresholds;
  }

  @Override
  public void close() {
    copies.close();
  }
}
