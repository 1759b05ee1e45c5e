package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.inference.layer.SelectionSpace.Needs;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.LayerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The feed-forward branches of a model under one sparsity method. Immutable and thread-safe; owns
 * the copies of weights that the method reads.
 */
public final class FeedForwards implements AutoCloseable {
  private final String method;
  private final String description;
  private final int hiddenSize;
  private final int neurons;
  private final List<FeedForward> layers;
  private final List<Needs> needs;
  private final Optional<NeuronMajorCopies> copies;

  private FeedForwards(
      String method,
      String description,
      DecoderSpec spec,
      List<FeedForward> layers,
      List<Needs> needs,
      Optional<NeuronMajorCopies> copies) {
    this.method = method;
    this.description = description + DenseLimits.describe(layers);
    this.hiddenSize = spec.config().hiddenSize();
    this.neurons = spec.config().feedForwardLength();
    this.layers = List.copyOf(layers);
    this.needs = List.copyOf(needs);
    this.copies = copies;
  }

  /**
   * Builds all branches.
   *
   * @param metadata of the file, for calibrated thresholds
   * @param method a name that {@link SelectionMethods#check} accepts
   * @param parameters the numbers given with it
   * @param team does the copying, and will compute
   * @throws IllegalArgumentException if the method cannot serve the model; says what could
   */
  public static FeedForwards of(
      KernelProvider kernels,
      DecoderSpec spec,
      Metadata metadata,
      String method,
      List<Float> parameters,
      NeuronOptions options,
      ThreadTeam team) {
    if (method.equals(SelectionMethods.DENSE)) {
      return dense(kernels, spec);
    }
    if (method.equals(SelectionMethods.AUTO)) {
      SelectionPlan plan = SelectionPlan.of(kernels, spec, metadata, List.of());
      return plan.best()
          .map(best -> sparse(plan, best, options, team))
          .orElseGet(() -> dense(kernels, spec));
    }
    SelectionMethod chosen = SelectionMethods.require(method);
    SelectionPlan plan = SelectionPlan.of(kernels, spec, metadata, parameters);
    plan.refuse(chosen);
    return sparse(plan, chosen, options, team);
  }

  /** Branches that compute every neuron, and read every weight. */
  public static FeedForwards dense(KernelProvider kernels, DecoderSpec spec) {
    return dense(kernels, Linears.dense(kernels), spec);
  }

  /**
   * Branches that compute every neuron.
   *
   * @param linears binds the maps of all but mixtures
   */
  public static FeedForwards dense(KernelProvider kernels, Linears linears, DecoderSpec spec) {
    List<FeedForward> layers =
        spec.layers().stream().map(layer -> dense(kernels, linears, layer)).toList();
    return new FeedForwards(
        SelectionMethods.DENSE,
        "every neuron is computed",
        spec,
        layers,
        List.of(),
        Optional.empty());
  }

  private static FeedForward dense(KernelProvider kernels, Linears linears, LayerSpec layer) {
    return switch (layer.feedForward()) {
      case Dense dense ->
          new DenseFeedForward(kernels, linears, dense, layer.index(), Optional.empty());
      case MixtureOfExperts mixture -> new MixtureFeedForward(kernels, mixture, layer.index());
    };
  }

  private static FeedForwards sparse(
      SelectionPlan plan, SelectionMethod method, NeuronOptions options, ThreadTeam team) {
    NeuronMajorCopies copies = new NeuronMajorCopies(plan.downs(), options.downType());
    try {
      List<SparseFeedForward> layers = new ArrayList<>();
      List<Needs> needs = new ArrayList<>();
      for (SelectionContext layer : plan.layers()) {
        Selector selector = selector(method, layer, needs);
        layers.add(
            new SparseFeedForward(
                layer.kernels(),
                layer.network(),
                copies.rows(layer.kernels(), layer.network().down(), team),
                layer.layer().index(),
                selector,
                options));
      }
      List<FeedForward> limited = DenseLimits.of(layers, options, team);
      return new FeedForwards(
          method.name(), copies.description(), plan.spec(), limited, needs, Optional.of(copies));
    } catch (RuntimeException | Error e) {
      copies.close();
      throw e;
    }
  }

  /**
   * Branches that compute every neuron and show an observer beside them which ones a method would
   * have selected before the gate.
   *
   * @throws IllegalArgumentException if the method cannot serve the model; says what could
   */
  public static FeedForwards audited(
      KernelProvider kernels,
      DecoderSpec spec,
      Metadata metadata,
      String method,
      List<Float> parameters) {
    SelectionMethod chosen = SelectionMethods.require(method);
    SelectionPlan plan = SelectionPlan.of(kernels.rowMajor(), spec, metadata, parameters);
    plan.refuse(chosen);
    List<FeedForward> layers = new ArrayList<>();
    List<Needs> needs = new ArrayList<>();
    for (SelectionContext layer : plan.layers()) {
      Selector selector = selector(chosen, layer, needs);
      layers.add(
          new AuditedFeedForward(
              layer.kernels(), layer.network(), layer.layer().index(), selector));
    }
    return new FeedForwards(
        method,
        "every neuron is computed, whatever the method selects",
        spec,
        layers,
        needs,
        Optional.empty());
  }

  private static Selector selector(
      SelectionMethod method, SelectionContext layer, List<Needs> needs) {
    Selector selector = method.binder().bind(layer);
    needs.add(selector.needs());
    return selector;
  }

  /**
   * Bytes of the weights that are copied for a model whose user has no wish.
   *
   * @param packing whether rows are packed
   */
  public static long copiedBytes(
      KernelProvider kernels, DecoderSpec spec, Metadata metadata, boolean packing) {
    SelectionPlan plan = SelectionPlan.of(kernels, spec, metadata, List.of());
    return plan.best().isEmpty() ? 0 : NeuronMajorCopies.bytes(plan.downs(), packing);
  }

  /** Bytes of the weights that were copied neuron by neuron. */
  public long copiedBytes() {
    return copies.map(NeuronMajorCopies::byteSize).orElse(0L);
  }

  public FeedForward layer(int index) {
    return layers.get(index);
  }

  /** The name of the method in use, never {@code auto}. */
  public String method() {
    return method;
  }

  /** What was done to the weights, in one line for people. */
  public String description() {
    return description;
  }

  /**
   * The density of each layer above which a token is computed densely; 1 where it never is, or
   * always.
   */
  public double[] denseAbove() {
    return DenseLimits.of(layers);
  }

  /** Buffers for a session, if the method needs any. */
  public Optional<SelectionSpace> newSelectionSpace(int batch, int workers) {
    return needs.isEmpty()
        ? Optional.empty()
        : Optional.of(new SelectionSpace(needs, batch, workers, hiddenSize, neurons));
  }

  /** Frees the copies. */
  @Override
  public void close() {
    copies.ifPresent(NeuronMajorCopies::close);
  }
}
