package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Linear maps whose down projections see neurons below a threshold as zero. The thresholds can be
 * changed between passes; at first there are none. Neurons are computed all the same: this measures
 * what leaving them out would do and saves nothing.
 */
final class NeuronThresholds implements Linears {
  private final Linears dense;
  private final FloatKernels floats;
  private final float[][] thresholds;

  /** Neurons kept and seen, by worker and layer. */
  private final long[][] kept;

  private final long[][] seen;

  NeuronThresholds(KernelProvider kernels, int layers, int workers) {
    this.dense = Linears.dense(kernels);
    this.floats = kernels.floats();
    this.thresholds = new float[layers][0];
    this.kept = new long[workers][layers];
    this.seen = new long[workers][layers];
  }

  /**
   * Sets the least magnitude of every neuron and forgets what was counted.
   *
   * @param byLayer one array for each layer, which may be empty for no thresholds
   */
  void set(List<float[]> byLayer) {
    for (int layer = 0; layer < thresholds.length; layer++) {
      thresholds[layer] = byLayer.get(layer).clone();
    }
    for (int worker = 0; worker < kept.length; worker++) {
      Arrays.fill(kept[worker], 0);
      Arrays.fill(seen[worker], 0);
    }
  }

  /** Lets everything through. */
  void clear() {
    set(Collections.nCopies(thresholds.length, new float[0]));
  }

  /** For each layer, the fraction of the neurons that were neither zero nor below. */
  double[] densities() {
    double[] densities = new double[thresholds.length];
    for (int layer = 0; layer < densities.length; layer++) {
      long keptOfAll = 0;
      long seenOfAll = 0;
      for (int worker = 0; worker < kept.length; worker++) {
        keptOfAll += kept[worker][layer];
        seenOfAll += seen[worker][layer];
      }
      densities[layer] = seenOfAll == 0 ? 1 : (double) keptOfAll / seenOfAll;
    }
    return densities;
  }

  @Override
  public Linear bind(int layer, LinearRole role, LinearSpec spec) {
    Linear map = dense.bind(layer, role, spec);
    return role == LinearRole.DOWN ? new Thresholded(layer, map) : map;
  }

  @Override
  public Linear bindTransposed(int layer, LinearRole role, LinearSpec spec) {
    Linear map = dense.bindTransposed(layer, role, spec);
    return role == LinearRole.DOWN ? new Thresholded(layer, map) : map;
  }

  private final class Thresholded implements Linear {
    private final int layer;
    private final Linear map;

    Thresholded(int layer, Linear map) {
      this.layer = layer;
      this.map = map;
    }

    @Override
    public int outputs() {
      return map.outputs();
    }

    @Override
    public int inputs() {
      return map.inputs();
    }

    @Override
    public long byteSize() {
      return map.byteSize();
    }

    /** It quantises by itself, after it has zeroed. */
    @Override
    public boolean needsInt8() {
      return false;
    }

    @Override
    public int step() {
      return map.step();
    }

    /** There is a barrier in it. */
    @Override
    public boolean divisible() {
      return false;
    }

    @Override
    public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
      throw new IllegalStateException("thresholds apply to batches only");
    }

    @Override
    public void applyBatch(
        Worker worker, Workspace space, Activations x, int from, int to, float[] y, int yStride) {
      int first = worker.from(space.count, 1);
      int end = worker.to(space.count, 1);
      if (thresholds[layer].length > 0) {
        for (int t = first; t < end; t++) {
          kept[worker.index()][layer] += zero(x.values(), t * x.cols(), thresholds[layer]);
          seen[worker.index()][layer] += inputs();
        }
      }
      if (map.needsInt8()) {
        floats.quantize(x, first, end);
      }
      worker.barrier();
      map.apply(x, space.count, from, to, y, yStride);
    }

    private static int zero(float[] neurons, int offset, float[] least) {
      int left = 0;
      for (int i = 0; i < least.length; i++) {
        boolean below = Math.abs(neurons[offset + i]) < least[i];
        neurons[offset + i] = below ? 0 : neurons[offset + i];
        left += neurons[offset + i] != 0 ? 1 : 0;
      }
      return left;
    }
  }
}
