package dev.skipjack.inference.decoder;

import dev.skipjack.inference.attention.Attention;
import dev.skipjack.inference.attention.AttentionSpace;
import dev.skipjack.inference.attention.KvCache;
import dev.skipjack.inference.attention.Rotation;
import dev.skipjack.inference.feedforward.FeedForward;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Norm;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LayerSpec.Topology;
import dev.skipjack.models.spec.NormSpec;
import java.util.Optional;

/** One decoder layer: attention and feed-forward branches on the residual stream. Immutable. */
final class Layer {
  private final int index;
  private final FloatKernels floats;
  private final Topology topology;
  private final float residualScale;
  private final Optional<Norm> attentionNorm;
  private final Attention attention;
  private final Optional<Norm> postAttentionNorm;
  private final Optional<Norm> feedForwardNorm;
  private final FeedForward feedForward;
  private final Optional<Norm> postFeedForwardNorm;

  Layer(KernelProvider kernels, Linears linears, LayerSpec spec, FeedForward feedForward) {
    this.index = spec.index();
    this.floats = kernels.floats();
    this.topology = spec.topology();
    this.residualScale = spec.residualScale();
    this.attentionNorm = norm(spec.attentionNorm());
    this.attention = new Attention(kernels, linears, index, spec.attention());
    this.postAttentionNorm = norm(spec.postAttentionNorm());
    this.feedForwardNorm = norm(spec.feedForwardNorm());
    this.feedForward = feedForward;
    this.postFeedForwardNorm = norm(spec.postFeedForwardNorm());
  }

  private Optional<Norm> norm(Optional<NormSpec> spec) {
    return spec.map(norm -> new Norm(floats, norm));
  }

  /** Runs on all workers, after a barrier. */
  void forward(
      Worker worker,
      Workspace space,
      KvCache cache,
      Optional<Rotation> rotation,
      AttentionSpace scratch) {
    if (worker.isLead()) {
      // The others look at what this changes only after the first barrier below.
      space.enter(index);
    }
    int hidden = space.normed.cols();
    int first = worker.from(space.count, 1) * hidden;
    int length = worker.to(space.count, 1) * hidden - first;
    System.arraycopy(space.residual, first, space.layerInput, first, length);
    prepare(worker, space, space.residual, attentionNorm, attention.needsInt8());
    if (space.observer.isPresent()) {
      if (worker.isLead()) {
        space.observer.get().attentionInput(index, space.normed, space.count);
      }
      worker.barrier();
    }
    attention.forward(worker, space, cache, rotation, scratch);
    add(worker, space, postAttentionNorm);
    float[] source = topology == Topology.PARALLEL ? space.layerInput : space.residual;
    prepare(worker, space, source, feedForwardNorm, feedForward.needsInt8());
    if (space.observer.isPresent()) {
      if (worker.isLead()) {
        space.observer.get().feedForwardInput(index, source, space.normed, space.count);
      }
      worker.barrier();
    }
    feedForward.forward(worker, space);
    add(worker, space, postFeedForwardNorm);
  }

  /** Fills {@link Workspace#normed} for this worker's tokens, then waits for the others. */
  private void prepare(
      Worker worker, Workspace space, float[] source, Optional<Norm> norm, boolean int8) {
    int hidden = space.normed.cols();
    int from = worker.from(space.count, 1);
    int to = worker.to(space.count, 1);
    for (int t = from; t < to; t++) {
      if (norm.isPresent()) {
        norm.get().apply(source, t * hidden, space.normed.values(), t * hidden);
      } else {
        System.arraycopy(source, t * hidden, space.normed.values(), t * hidden, hidden);
      }
    }
    if (int8) {
      floats.quantize(space.normed, from, to);
    }
    worker.barrier();
  }

  /** Adds this worker's tokens of {@link Workspace#branch} to the residual. */
  private void add(Worker worker, Workspace space, Optional<Norm> norm) {
    int hidden = space.normed.cols();
    int to = worker.to(space.count, 1);
    for (int t = worker.from(space.count, 1); t < to; t++) {
      if (norm.isPresent()) {
        norm.get().apply(space.branch, t * hidden, space.branch, t * hidden);
      }
      floats.axpy(residualScale, space.branch, t * hidden, space.residual, t * hidden, hidden);
    }
  }
}
