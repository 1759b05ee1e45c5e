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
import java.util.stream.IntStream;

/**
 * The feed-forward branches of a model, each under the sparsity method of its layer. Immutable and
 * thread-safe; owns the copies of weights that the method reads.
 */
public final class FeedForwards implements AutoCloseable {
  private final String description;
  private final int hiddenSize;
  private final int neurons;
  private final List<FeedForward> layers;
  private final List<Needs> needs;
  private final Optional<NeuronMajorCopies> copies;

  private FeedForwards(
      String description,
      DecoderSpec spec,
      List<FeedForward> layers,
      List<Needs> needs,
      Optional<NeuronMajorCopies> copies) {
    this.description = description + DenseLimits.describe(layers);
    this.hiddenSize = spec.config().hiddenSize();
    this.neurons = spec.layers().stream().mapToInt(FeedForwards::neurons).max().orElse(0);
    this.layers = List.copyOf(layers);
    this.needs = List.copyOf(needs);
    this.copies = copies;
  }

  /**
   * Builds all branches, each by the method of its layer.
   *
   * @param linears binds the maps of layers that compute every neuron, but mixtures
   * @param metadata of the file, for calibrated thresholds
   * @param methods of every layer, none {@code auto}, each with at most one number; layers whose
   *     method chooses no neurons compute all
   * @param team does the copying, and will compute
   * @throws IllegalArgumentException if a method cannot serve its layer; says what could
   */
  public static FeedForwards of(
      KernelProvider kernels,
      Linears linears,
      DecoderSpec spec,
      Metadata metadata,
      List<ResolvedMethod> methods,
      NeuronOptions options,
      ThreadTeam team) {
    LayerSelections selections = LayerSelections.of(kernels, spec, metadata, methods);
    if (selections.byLayer().isEmpty()) {
      return dense(kernels, linears, spec);
    }
    NeuronMajorCopies copies = new NeuronMajorCopies(selections.downs(), options.downType());
    try {
      List<FeedForward> layers = new ArrayList<>();
      List<Needs> needs = new ArrayList<>();
      for (LayerSpec layer : spec.layers()) {
        LayerSelection selection = selections.byLayer().get(layer.index());
        if (selection == null) {
          layers.add(dense(kernels, linears, layer));
          needs.add(Needs.NONE);
        } else {
          layers.add(selection.bind(copies, options, team));
          needs.add(selection.needs());
        }
      }
      return new FeedForwards(
          copies.description(),
          spec,
          DenseLimits.of(layers, options, team),
          needs,
          Optional.of(copies));
    } catch (RuntimeException | Error e) {
      copies.close();
      throw e;
    }
  }

  /**
   * Builds all branches by one method.
   *
   * @param method a name that {@link SelectionMethods#check} accepts, but {@code auto}
   * @param parameters the numbers given with it: none, one, or one for each layer
   * @throws IllegalArgumentException if the method cannot serve the model; says what could
   */
  public static FeedForwards of(
      KernelProvider kernels,
      DecoderSpec spec,
      Metadata metadata,
      ResolvedMethod method,
      NeuronOptions options,
      ThreadTeam team) {
    List<ResolvedMethod> methods =
        IntStream.range(0, spec.layers().size())
            .mapToObj(layer -> method.forLayers(List.of(layer)))
            .toList();
    return of(kernels, Linears.dense(kernels), spec, metadata, methods, options, team);
  }

  /** The method for a model whose user has no wish, {@code dense} if no other serves it. */
  public static String best(KernelProvider kernels, DecoderSpec spec, Metadata metadata) {
    return SelectionPlan.of(kernels.rowMajor(), spec, metadata, List.of())
        .best()
        .map(SelectionMethod::name)
        .orElse(SelectionMethods.DENSE);
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
    return new FeedForwards("every neuron is computed", spec, layers, List.of(), Optional.empty());
  }

  private static int neurons(LayerSpec layer) {
    return switch (layer.feedForward()) {
      case Dense dense -> dense.length();
      case MixtureOfExperts mixture -> mixture.experts().getFirst().length();
    };
  }

  private static FeedForward dense(KernelProvider kernels, Linears linears, LayerSpec layer) {
    return switch (layer.feedForward()) {
      case Dense dense ->
          new DenseFeedForward(kernels, linears, dense, layer.index(), Optional.empty());
      case MixtureOfExperts mixture -> MixtureFeedForward.dense(kernels, mixture, layer.index());
    };
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
      Selector selector = chosen.binder().bind(layer);
      needs.add(selector.needs());
      layers.add(
          new AuditedFeedForward(
              layer.kernels(), layer.network(), layer.layer().index(), selector));
    }
    return new FeedForwards(
        "every neuron is computed, whatever the method selects",
        spec,
        layers,
        needs,
        Optional.empty());
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
