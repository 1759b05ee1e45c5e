package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Affine;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.RowSum;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LinearSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The weights of a layer in the forms in which they are read. The first matrix, gate or up where
 * there is no gate, is read whole unless neurons are chosen before it; up beside a gate and the
 * neuron-major down are read row by row. What is copied is copied once: batches, which read all
 * rows, read the copy where its layout serves them, and else the file. Immutable.
 *
 * @param first computes all neurons
 * @param firstRows single rows of it; empty unless neurons are chosen before it
 * @param upRows empty without a gate
 * @param dense binds the maps for batches
 */
record NeuronWeights(
    Linear first,
    Optional<NeuronRows> firstRows,
    Optional<NeuronRows> upRows,
    RowSum down,
    Linears dense) {

  /** Weights of a layer whose neurons a selector chooses. */
  static NeuronWeights of(
      KernelProvider kernels,
      Dense spec,
      NeuronMajorCopies copies,
      Selector selector,
      ThreadTeam team) {
    boolean downLast = NeuronStages.downLast(spec, selector);
    return of(kernels, spec, copies, selector.mayPreselect(), downLast, team);
  }

  /**
   * Weights of a layer. All rows of a neuron that are read one soon after the other lie together if
   * they can be packed.
   *
   * @param copies make the neuron-major down projection
   * @param preselects whether rows of the first matrix are read alone
   * @param downLast whether no down row is read before the activations of all neurons are known
   */
  static NeuronWeights of(
      KernelProvider kernels,
      Dense spec,
      NeuronMajorCopies copies,
      boolean preselects,
      boolean downLast,
      ThreadTeam team) {
    boolean gated = spec.gate().isPresent();
    List<Tensor> others = new ArrayList<>();
    if (preselects) {
      others.add(spec.gate().orElse(spec.up()).weight());
    }
    if (gated) {
      others.add(spec.up().weight());
    }
    List<Rows> rows = new ArrayList<>();
    if (downLast) {
      rows.addAll(kernels.bundle(others));
      others.clear();
    }
    rows.addAll(copies.bundle(kernels, others, spec.down(), team));
    return of(
        kernels,
        spec,
        preselects ? Optional.of(rows.getFirst()) : Optional.empty(),
        gated ? Optional.of(rows.get(rows.size() - 2)) : Optional.empty(),
        rows.getLast());
  }

  private static NeuronWeights of(
      KernelProvider kernels, Dense spec, Optional<Rows> gates, Optional<Rows> ups, Rows down) {
    Affine afterDown = new Affine(kernels.floats(), spec.down().linear());
    LinearSpec firstSpec = spec.gate().orElse(spec.up());
    Optional<NeuronRows> firstRows = gates.map(rows -> new NeuronRows(kernels, firstSpec, rows));
    Optional<NeuronRows> upRows = ups.map(rows -> new NeuronRows(kernels, spec.up(), rows));
    Linear first =
        firstRows
            .map(rows -> all(kernels, firstSpec, rows))
            .orElseGet(() -> Linear.dense(kernels, firstSpec));
    Linear up = upRows.map(rows -> all(kernels, spec.up(), rows)).orElse(first);
    return new NeuronWeights(
        first,
        firstRows,
        upRows,
        new RowSum(kernels.floats(), down, afterDown),
        new Bound(Linears.dense(kernels.rowMajor()), first, up));
  }

  /** All neurons of a map of which single rows are read, too. */
  private static Linear all(KernelProvider kernels, LinearSpec spec, NeuronRows rows) {
    return rows.whole()
        .map(matrix -> Linear.over(kernels, matrix, spec))
        .orElseGet(() -> new AllRows(rows, Linear.dense(kernels.rowMajor(), spec)));
  }

  /** Gate and up as they are; other maps are read from the file. */
  private record Bound(Linears others, Linear gate, Linear up) implements Linears {
    @Override
    public Linear bind(int layer, LinearRole role, LinearSpec spec) {
      return switch (role) {
        case GATE -> gate;
        case UP -> up;
        default -> others.bind(layer, role, spec);
      };
    }

    @Override
    public Linear bindTransposed(int layer, LinearRole role, LinearSpec spec) {
      return others.bindTransposed(layer, role, spec);
    }
  }
}
