package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Projection;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.LayerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The graphs of the last layers of a decoder: one that receives a step, one for each layer, and one
 * for the logits of the last token if the device computes them. Holds the weights and the cache of
 * one conversation.
 */
public final class DecoderGraphs {
  private final SharedArrays shared;
  private final List<GraphPlan> plans = new ArrayList<>();
  private final int batch;
  private final int layers;
  private final int hiddenSize;
  private final Optional<FloatArray> logits;

  /**
   * @param split which layers, and whether the logits too
   * @param batch most tokens in a step
   * @param context most positions
   * @param weights must stay valid as long as the graphs are used
   */
  public DecoderGraphs(
      DecoderSpec spec,
      LayerSplit split,
      KernelForm form,
      FeedForwardMode mode,
      int batch,
      int context,
      WeightSource weights) {
    List<LayerSpec> own = split.deviceLayers(spec);
    this.batch = batch;
    this.layers = own.size();
    this.hiddenSize = spec.config().hiddenSize();
    this.shared = new SharedArrays(spec, own, batch, context);
    Kernels input = kernels(form);
    input.copy("copy", shared.input, shared.residual, hiddenSize);
    plans.add(plan("input", List.of(), input, List.of(), List.of()));
    for (LayerSpec layer : own) {
      Kernels kernels = kernels(form);
      LayerGraph.add(kernels, shared, layer, context, mode, weights);
      GraphPlan before = plans.getLast();
      plans.add(
          plan(
              "layer" + layer.index(),
              List.of(before),
              kernels,
              List.of(),
              List.of(shared.residual)));
    }
    this.logits =
        split.logits()
            ? Optional.of(new FloatArray(spec.config().vocabularySize()))
            : Optional.empty();
    logits.ifPresent(out -> plans.add(logits(spec, form, out, weights)));
  }

  private Kernels kernels(KernelForm form) {
    return new Kernels(form, batch, shared.step, shared.normParts);
  }

  private GraphPlan logits(
      DecoderSpec spec, KernelForm form, FloatArray out, WeightSource weights) {
    Kernels kernels = kernels(form).forOneToken();
    kernels.last("last", shared.residual, shared.branch, hiddenSize);
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
    return plan(
        "logits", List.of(plans.getLast(), plans.getFirst()), kernels, List.of(out), List.of());
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

  int batch() {
    return batch;
  }

  int hiddenSize() {
    return hiddenSize;
  }

  SharedArrays shared() {
    return shared;
  }

  /** Index of the graph that receives a step. */
  int input() {
    return 0;
  }

  /** Index of the last layer's graph. */
  int lastLayer() {
    return layers;
  }

  /** Index of the graph that computes logits. */
  int output() {
    return layers + 1;
  }

  /** The logits of one token {@code [vocabulary]}. */
  Optional<FloatArray> logits() {
    return logits;
  }
}
