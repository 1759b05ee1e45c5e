package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.inference.device.NeuronSubset;
import dev.skipjack.inference.device.SharedLayer;
import dev.skipjack.kernels.tornado.kernel.Projection;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LayerSpec;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The graphs of the last layers of a decoder: one that receives a step, one for each layer (three
 * for one that the processor shares), and one for the logits of the last token if the device
 * computes them. Holds the weights and the cache of all conversations.
 */
public final class DecoderGraphs {
  private final GraphOptions options;
  private final LayerSplit split;
  private final WeightSource weights;
  private final SharedArrays shared;
  private final List<GraphPlan> plans = new ArrayList<>();
  private final List<LayerStep> steps = new ArrayList<>();
  private final int lastLayer;
  private final Optional<FloatArray> logits;
  private final IntArray choice = new IntArray(1);

  /**
   * @param split which layers, and whether the logits too
   * @param weights must stay valid as long as the graphs are used
   */
  public DecoderGraphs(
      DecoderSpec spec, LayerSplit split, GraphOptions options, WeightSource weights) {
    List<LayerSpec> own = split.deviceLayers(spec);
    this.options = options;
    this.split = split;
    this.weights = weights;
    this.shared = new SharedArrays(spec, own, options.batch(), options.context());
    Kernels input = kernels();
    input.copy("copy", shared.input, shared.residual, shared.hiddenSize());
    add("input", input, List.of());
    for (LayerSpec layer : own) {
      steps.add(
          SharedLayer.find(split.shared(), layer.index())
              .map(hot -> sharedLayer(layer, hot))
              .orElseGet(() -> wholeLayer(layer)));
    }
    this.lastLayer = plans.size() - 1;
    this.logits =
        split.logits()
            ? Optional.of(new FloatArray(spec.config().vocabularySize()))
            : Optional.empty();
    logits.ifPresent(out -> plans.add(logits(spec, out)));
  }

  private Kernels kernels() {
    return new Kernels(options.form(), options.batch(), shared.step, shared.normParts);
  }

  private LayerStep wholeLayer(LayerSpec layer) {
    Kernels kernels = kernels();
    attention(kernels, layer);
    FeedForwardGraph network = feedForward(kernels, layer);
    network.begin();
    network.neurons((Dense) layer.feedForward(), weights);
    network.end();
    return new LayerStep(
        add("layer" + layer.index(), kernels, List.of(shared.residual)), Optional.empty());
  }

  private LayerStep sharedLayer(LayerSpec layer, SharedLayer hot) {
    Dense network = (Dense) layer.feedForward();
    boolean readsResidual =
        options.mode().method() == FeedForwardMode.Method.PREDICTOR
            && network.predictor().orElseThrow().input() == PredictorSpec.Input.RESIDUAL;
    Kernels first = kernels();
    attention(first, layer);
    feedForward(first, layer).begin();
    int graph = add("layer" + layer.index(), first, List.of(shared.normed, shared.residual));
    OptionalInt own = hot.hot().length == 0 ? OptionalInt.empty() : hotNeurons(layer, hot.hot());
    Kernels last = kernels();
    FeedForwardGraph join = feedForward(last, layer);
    join.addCold(own.isEmpty());
    join.end();
    int joined = add("join" + layer.index(), last, List.of(shared.residual));
    return new LayerStep(
        graph, Optional.of(new LayerStep.Shared(layer.index(), readsResidual, own, joined)));
  }

  private OptionalInt hotNeurons(LayerSpec layer, int[] hot) {
    Kernels kernels = kernels();
    try (Arena arena = Arena.ofConfined()) {
      Dense network = NeuronSubset.of((Dense) layer.feedForward(), hot, false, arena);
      feedForward(kernels, layer).neurons(network, WeightSource.COPY);
    }
    return OptionalInt.of(add("hot" + layer.index(), kernels, List.of()));
  }

  private void attention(Kernels kernels, LayerSpec layer) {
    new AttentionGraph(kernels, shared, layer, weights)
        .add(DeviceCache.of(layer.attention(), split.sessions(), options.context()));
  }

  private FeedForwardGraph feedForward(Kernels kernels, LayerSpec layer) {
    return new FeedForwardGraph(kernels, shared, layer, options.mode());
  }

  private GraphPlan logits(DecoderSpec spec, FloatArray out) {
    Kernels kernels = kernels().forOneToken();
    kernels.last("last", shared.residual, shared.branch, shared.hiddenSize());
    kernels.norm("norm", shared.branch, DeviceNorm.of(spec.outputNorm()), shared.normed, 1);
    kernels.multiply(
        "logits",
        DeviceLinear.of(spec.output().linear(), weights),
        shared.normed,
        out,
        spec.output().scale(),
        Projection.STORE);
    if (spec.output().softcap() > 0) {
      kernels.cap("cap", out, out.getSize(), spec.output().softcap());
    }
    kernels.argmax("choice", out, choice);
    return plan(
        "logits",
        List.of(plans.getLast(), plans.getFirst()),
        kernels,
        List.of(choice),
        List.of(out));
  }

  /** Adds a graph that follows the last one, and returns its index. */
  private int add(String name, Kernels kernels, List<Object> onDemand) {
    List<GraphPlan> sources = plans.isEmpty() ? List.of() : List.of(plans.getLast());
    plans.add(plan(name, sources, kernels, List.of(), onDemand));
    return plans.size() - 1;
  }

  private GraphPlan plan(
      String name,
      List<GraphPlan> sources,
      Kernels kernels,
      List<Object> results,
      List<Object> onDemand) {
    return GraphPlan.linked(
        name, sources, kernels.calls(), shared.all(), shared.inputs(), results, onDemand);
  }

  /** All graphs: input, layers, logits. */
  public List<GraphPlan> plans() {
    return plans;
  }

  GraphOptions options() {
    return options;
  }

  SharedArrays shared() {
    return shared;
  }

  /** Index of the graph that receives a step. */
  int input() {
    return 0;
  }

  /** The layers, in order. */
  List<LayerStep> steps() {
    return steps;
  }

  /** Index of the graph that ends the last layer. */
  int lastLayer() {
    return lastLayer;
  }

  /** Index of the graph that computes logits. */
  int output() {
    return lastLayer + 1;
  }

  /** The logits of one token {@code [vocabulary]}. */
  Optional<FloatArray> logits() {
    return logits;
  }

  /** The token with the largest logit {@code [1]}. */
  IntArray choice() {
    return choice;
  }
}
