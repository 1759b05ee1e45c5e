package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.LinearSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The linear maps of a model with rules that may change from pass to pass, for finding out what a
 * rule does before one is chosen. They read every weight, of single tokens too, and a map without a
 * rule is dense. Used by one thread, which changes nothing while a pass runs.
 */
public final class AdjustableMaps implements Linears {
  private final KernelProvider kernels;
  private final List<LayerWeight> weights;
  private final List<Map<LinearRole, Adjustable>> layers = new ArrayList<>();
  private final InputSpace.Needs needs;
  private Optional<InputListener> listener = Optional.empty();

  /** Hears what the maps read. */
  @FunctionalInterface
  public interface InputListener {
    /**
     * Before a map is computed.
     *
     * @param x {@code [tokens x inputs]}, valid during the call
     */
    void reads(LayerWeight weight, Activations x, int tokens);
  }

  /**
   * @param weights of all layers, in their order
   * @param rank the most that a low-rank part will have; 0 for none
   */
  public AdjustableMaps(KernelProvider kernels, List<LayerWeight> weights, int rank) {
    this.kernels = kernels;
    this.weights = List.copyOf(weights);
    TreeSet<Integer> widths = new TreeSet<>();
    for (LayerWeight weight : weights) {
      widths.add(weight.inputs());
      if (weight.layer() == layers.size()) {
        layers.add(new EnumMap<>(LinearRole.class));
      }
      layers.getLast().put(weight.role(), new Adjustable(weight));
    }
    this.needs = new InputSpace.Needs(widths, rank, 0, layers.size());
  }

  /** The weights of all layers. */
  public List<LayerWeight> weights() {
    return weights;
  }

  /** Makes a map leave out inputs by a rule. */
  public void set(LayerWeight weight, InputRule rule) {
    set(weight, rule, Optional.empty());
  }

  /**
   * Makes a map leave out inputs by a rule.
   *
   * @param rest the low-rank part for the inputs left out
   */
  public void set(LayerWeight weight, InputRule rule, Optional<Factors> rest) {
    Adjustable map = map(weight);
    map.current =
        new MaskedLinear(
            kernels.floats(),
            weight,
            map.dense,
            rule,
            rest.map(factors -> new LowRank(kernels, factors, weight.spec().scale())));
  }

  /** Makes all maps of a layer dense. */
  public void reset(int layer) {
    layers.get(layer).values().forEach(map -> map.current = map.dense);
  }

  /** Tells what is read, from now on. */
  public void listen(InputListener newListener) {
    listener = Optional.of(newListener);
  }

  /** Tells nothing any more. */
  public void stopListening() {
    listener = Optional.empty();
  }

  private Adjustable map(LayerWeight weight) {
    return layers.get(weight.layer()).get(weight.role());
  }

  @Override
  public Linear bind(int layer, LinearRole role, LinearSpec spec) {
    return layers.get(layer).get(role);
  }

  @Override
  public Linear bindTransposed(int layer, LinearRole role, LinearSpec spec) {
    return bind(layer, role, spec);
  }

  @Override
  public Optional<InputSpace> newInputSpace(int batch, int workers) {
    return Optional.of(new InputSpace(needs, batch, workers));
  }

  private final class Adjustable implements Linear {
    private final LayerWeight weight;
    private final Linear dense;
    private final int step;
    private Linear current;

    Adjustable(LayerWeight weight) {
      this.weight = weight;
      LinearSpec spec = weight.spec();
      this.dense =
          weight.transposed() ? Linear.transposed(kernels, spec) : Linear.dense(kernels, spec);
      // Wide enough for any low-rank part, and the same whatever the rule.
      this.step = Math.max(dense.step(), kernels.matrix(spec.weight()).colStep());
      this.current = dense;
    }

    @Override
    public int outputs() {
      return dense.outputs();
    }

    @Override
    public int inputs() {
      return dense.inputs();
    }

    @Override
    public long byteSize() {
      return dense.byteSize();
    }

    @Override
    public boolean needsInt8() {
      return dense.needsInt8();
    }

    @Override
    public int step() {
      return step;
    }

    /** There may be barriers in it. */
    @Override
    public boolean divisible() {
      return false;
    }

    @Override
    public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
      dense.apply(x, tokens, from, to, y, yStride);
    }

    @Override
    public void applyBatch(
        Worker worker, Workspace space, Activations x, int from, int to, float[] y, int yStride) {
      if (listener.isPresent() && worker.isLead()) {
        listener.get().reads(weight, x, space.count);
      }
      current.applyBatch(worker, space, x, from, to, y, yStride);
    }
  }
}
