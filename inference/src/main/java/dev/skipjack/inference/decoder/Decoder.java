package dev.skipjack.inference.decoder;

import dev.skipjack.inference.attention.AttentionSpace;
import dev.skipjack.inference.attention.KvCache;
import dev.skipjack.inference.attention.Rotations;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Norm;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowTable;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.List;

/**
 * A decoder bound to kernels: {@code tokens -> embedding -> layers -> norm -> logits}. Immutable;
 * sessions and workers share it.
 */
public final class Decoder {
  private final DecoderSpec spec;
  private final Linears linears;
  private final FeedForwards feedForwards;
  private final FloatKernels floats;
  private final RowTable embedding;
  private final List<Layer> layers;
  private final Norm outputNorm;
  private final Linear output;

  public Decoder(KernelProvider kernels, DecoderSpec spec, FeedForwards feedForwards) {
    this(kernels, spec, Linears.dense(kernels), feedForwards);
  }

  /**
   * @param linears binds the maps of the attention branches
   */
  public Decoder(
      KernelProvider kernels, DecoderSpec spec, Linears linears, FeedForwards feedForwards) {
    this(kernels, spec, linears, feedForwards, spec.layers().size());
  }

  /**
   * @param linears binds the maps of the attention branches
   * @param hostLayers layers to bind; those behind them are computed elsewhere
   */
  public Decoder(
      KernelProvider kernels,
      DecoderSpec spec,
      Linears linears,
      FeedForwards feedForwards,
      int hostLayers) {
    this.spec = spec;
    this.linears = linears;
    this.feedForwards = feedForwards;
    this.floats = kernels.floats();
    this.embedding = kernels.table(spec.embedding().weight());
    this.layers =
        spec.layers().stream()
            .limit(hostLayers)
            .map(layer -> new Layer(kernels, linears, layer, feedForwards.layer(layer.index())))
            .toList();
    this.outputNorm = new Norm(floats, spec.outputNorm());
    this.output = Linear.dense(kernels, spec.output().linear());
  }

  public DecoderSpec spec() {
    return spec;
  }

  /** The first so many layers are bound. */
  public int hostLayers() {
    return layers.size();
  }

  /** The buffers of a session. */
  Workspace newWorkspace(int batch, int workers) {
    return new Workspace(
        spec,
        batch,
        feedForwards.newSelectionSpace(batch, workers),
        linears.newInputSpace(batch, workers));
  }

  /**
   * Runs the batch of the workspace through the bound layers, on all workers. Leaves the residual
   * stream after the last of them.
   *
   * @param caches one per layer
   * @param scratch of the session's attention
   */
  void forward(
      Worker worker,
      Workspace space,
      List<KvCache> caches,
      Rotations rotations,
      AttentionSpace scratch) {
    int hidden = embedding.cols();
    int to = worker.to(space.count, 1);
    for (int t = worker.from(space.count, 1); t < to; t++) {
      embedding.row(space.tokens[t], space.residual, t * hidden);
      if (spec.embedding().scale() != 1) {
        floats.scale(spec.embedding().scale(), space.residual, t * hidden, hidden);
      }
    }
    rotations.prepare(worker, space.count, space.position);
    worker.barrier();
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).forward(worker, space, caches.get(i), rotations.layer(i), scratch);
    }
    worker.barrier();
  }

  /**
   * Computes the logits of batch tokens {@code [first, first + rows)}, at most {@link
   * Workspace#LOGIT_ROWS}, on all workers; ends with a barrier.
   */
  void logits(Worker worker, Workspace space, int first, int rows) {
    int hidden = embedding.cols();
    int from = worker.from(rows, 1);
    int to = worker.to(rows, 1);
    for (int i = from; i < to; i++) {
      outputNorm.apply(space.residual, (first + i) * hidden, space.logitInput.values(), i * hidden);
    }
    if (output.needsInt8()) {
      floats.quantize(space.logitInput, from, to);
    }
    worker.barrier();
    int vocabulary = output.outputs();
    worker.distributeRows(vocabulary, output.step());
    while (worker.take()) {
      logits(space, rows, worker.first(), worker.end());
    }
    worker.barrier();
  }

  /** Computes logits of vocabulary entries {@code [from, to)}. */
  private void logits(Workspace space, int rows, int from, int to) {
    int vocabulary = output.outputs();
    output.apply(space.logitInput, rows, from, to, space.logits, vocabulary);
    for (int i = 0; i < rows; i++) {
      int offset = i * vocabulary + from;
      if (spec.output().scale() != 1) {
        floats.scale(spec.output().scale(), space.logits, offset, to - from);
      }
      if (spec.output().softcap() > 0) {
        floats.softcap(spec.output().softcap(), space.logits, offset, to - from);
      }
    }
  }
}
