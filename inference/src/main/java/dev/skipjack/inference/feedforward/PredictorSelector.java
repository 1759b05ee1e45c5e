package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.SelectionSpace.Needs;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LayerSpec.Topology;
import java.util.Optional;

/**
 * Computes the neurons that a small network expects to be active: {@code fc2 h(fc1 p) >= T} on raw
 * logits (PowerInfer, arXiv 2312.12456; Deja Vu, arXiv 2310.17157). Zeros among them are skipped
 * too.
 */
final class PredictorSelector implements Selector {
  static final SelectionMethod METHOD =
      new SelectionMethod(
          "predictor",
          SelectionParameter.perLayer("T", "a number or an infinity", value -> !Float.isNaN(value)),
          PredictorSelector::refusal,
          PredictorSelector::new);

  private final int layer;
  private final int length;
  private final PredictorSpec spec;
  private final boolean parallel;
  private final float threshold;
  private final FloatKernels floats;
  private final Matrix first;
  private final Matrix second;

  private PredictorSelector(SelectionContext context) {
    this.layer = context.layer().index();
    this.length = context.network().length();
    this.spec = context.network().predictor().orElseThrow();
    this.parallel = context.layer().topology() == Topology.PARALLEL;
    this.threshold = threshold(context);
    this.floats = context.kernels().floats();
    this.first = context.kernels().dense(spec.fc1());
    this.second = context.kernels().dense(spec.fc2());
  }

  private static float threshold(SelectionContext context) {
    return context
        .threshold("predictor")
        .orElseGet(() -> context.network().predictor().orElseThrow().threshold());
  }

  private static Optional<String> refusal(SelectionContext context) {
    Optional<PredictorSpec> predictor = context.network().predictor();
    if (predictor.isEmpty()) {
      return Optional.of(
          "layer %d has no predictor (tensors fc1 and fc2); use exact or cats"
              .formatted(context.layer().index()));
    }
    Tensor first = predictor.get().fc1();
    Tensor second = predictor.get().fc2();
    int hidden = context.network().up().inputs();
    int length = context.network().length();
    if (first.cols() != hidden || second.rows() != length || second.cols() != first.rows()) {
      return Optional.of(
          "predictor of layer %d: found %s and %s, expected [rank x %d] and [%d x rank]"
              .formatted(context.layer().index(), first, second, hidden, length));
    }
    return Float.isNaN(threshold(context))
        ? Optional.of("the threshold is NaN, expected a number; give one as predictor:T")
        : context.refuseStatisticalTopK();
  }

  @Override
  public boolean mayPreselect() {
    return true;
  }

  @Override
  public boolean preselects(Workspace space) {
    return true;
  }

  /**
   * Computes the hidden layer, and for batches the raw logits {@code [tokens x length]} in {@link
   * Workspace#gate}. Those of a single token are computed where they are compared.
   */
  @Override
  public void prepare(Worker worker, Workspace space) {
    int tokens = space.count;
    Activations hidden = space.selection.orElseThrow().predictorHidden(layer);
    int rank = hidden.cols();
    Activations input = input(worker, space);
    worker.distributeRows(rank, first.rowStep());
    while (worker.take()) {
      int from = worker.first();
      int to = worker.end();
      first.multiply(input, tokens, from, to, hidden.values(), 0, rank);
      for (int t = 0; t < tokens && spec.hiddenRelu(); t++) {
        rectify(hidden.values(), t * rank + from, t * rank + to);
      }
    }
    worker.barrier();
    if (second.input() == Matrix.Input.INT8_BLOCKS) {
      floats.quantize(hidden, worker.from(tokens, 1), worker.to(tokens, 1));
      worker.barrier();
    }
    if (tokens > 1) {
      worker.distributeRows(length, step());
      while (worker.take()) {
        logits(space, worker.first(), worker.end());
      }
      worker.barrier();
    }
  }

  private void logits(Workspace space, int from, int to) {
    Activations hidden = space.selection.orElseThrow().predictorHidden(layer);
    second.multiply(hidden, space.count, from, to, space.gate, 0, length);
  }

  /** The residual as the branch found it, or the normed input. */
  private Activations input(Worker worker, Workspace space) {
    if (spec.input() == PredictorSpec.Input.NORMED) {
      return space.normed;
    }
    Activations input = space.selection.orElseThrow().predictorInput;
    float[] source = parallel ? space.layerInput : space.residual;
    int hidden = input.cols();
    int from = worker.from(space.count, 1);
    int to = worker.to(space.count, 1);
    System.arraycopy(source, from * hidden, input.values(), from * hidden, (to - from) * hidden);
    if (first.input() == Matrix.Input.INT8_BLOCKS) {
      floats.quantize(input, from, to);
    }
    worker.barrier();
    return input;
  }

  private static void rectify(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Math.max(0, x[i]);
    }
  }

  @Override
  public int step() {
    return second.rowStep();
  }

  @Override
  public int select(Workspace space, int t, int from, int to, int[] selected) {
    if (space.count == 1) {
      logits(space, from, to);
    }
    int offset = t * length;
    int count = from;
    for (int i = from; i < to; i++) {
      selected[count] = i;
      // Written so that NaN is computed, and seen, rather than skipped.
      count += space.gate[offset + i] < threshold ? 0 : 1;
    }
    return count - from;
  }

  @Override
  public long byteSize() {
    return first.byteSize() + second.byteSize();
  }

  @Override
  public boolean needsInt8() {
    return spec.input() == PredictorSpec.Input.NORMED && first.input() == Matrix.Input.INT8_BLOCKS;
  }

  @Override
  public Needs needs() {
    return Needs.predictor(first.rows(), spec.input() == PredictorSpec.Input.RESIDUAL);
  }
}
