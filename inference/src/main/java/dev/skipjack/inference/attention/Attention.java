package dev.skipjack.inference.attention;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Norm;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.AttentionSpec.TemperatureSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.Optional;

/**
 * Causal grouped-query attention of one layer. Reads {@link Workspace#normed}, writes {@link
 * Workspace#branch}. Immutable; what it remembers is in the {@link KvCache}.
 */
public final class Attention {
  private final int layer;
  private final AttentionSpec spec;
  private final FloatKernels floats;
  private final CacheAttention cached;
  private final Projection projection;
  private final Optional<Norm> queryNorm;
  private final Optional<Norm> keyNorm;
  private final Optional<Norm> outputNorm;
  private final Linear output;
  private final int rotatedFrom;

  /**
   * @param linears binds its maps
   * @param layer the index they are bound for
   */
  public Attention(KernelProvider kernels, Linears linears, int layer, AttentionSpec spec) {
    this.layer = layer;
    this.spec = spec;
    this.floats = kernels.floats();
    this.cached = new CacheAttention(floats, spec);
    this.projection = Projection.of(kernels, linears, layer, spec);
    this.queryNorm = spec.queryNorm().map(norm -> new Norm(floats, norm));
    this.keyNorm = spec.keyNorm().map(norm -> new Norm(floats, norm));
    this.outputNorm = spec.outputNorm().map(norm -> new Norm(floats, norm));
    this.output = linears.bind(layer, LinearRole.OUTPUT, spec.output());
    // A latent head is [content | rotated], any other [rotated | rest].
    this.rotatedFrom =
        spec.projection() instanceof ProjectionSpec.Latent && spec.rope().isPresent()
            ? spec.keyLength() - spec.rope().get().dimensions()
            : 0;
  }

  /** Whether the normed input must be quantised. */
  public boolean needsInt8() {
    return projection.needsInt8();
  }

  /**
   * Runs on all workers; ends with a barrier.
   *
   * @param rotation of this layer, prepared for the batch
   * @param scratch of the session
   */
  public void forward(
      Worker worker,
      Workspace space,
      KvCache cache,
      Optional<Rotation> rotation,
      AttentionSpace scratch) {
    if (worker.isLead()) {
      cache.reserve(space.position + space.count);
      cached.prepare(worker, space, scratch);
    }
    projection.apply(worker, space);
    worker.barrier();
    place(worker, space, cache, rotation);
    worker.barrier();
    cached.attend(worker, space, cache, scratch);
    finish(worker, space);
    if (space.observer.isPresent()) {
      if (worker.isLead()) {
        space.observer.get().attended(layer, space.attended, space.count);
      }
      worker.barrier();
    }
    output.applyBatch(worker, space, space.attended, space.branch);
    worker.barrier();
  }

  /** Norms and rotates this worker's tokens and caches their keys and values. */
  private void place(Worker worker, Workspace space, KvCache cache, Optional<Rotation> rotation) {
    int queryRow = spec.headCount() * spec.keyLength();
    int keyRow = spec.kvHeadCount() * spec.keyLength();
    int valueRow = spec.kvHeadCount() * spec.valueLength();
    int to = worker.to(space.count, 1);
    for (int t = worker.from(space.count, 1); t < to; t++) {
      normHeads(queryNorm, space.query, t * queryRow, queryRow);
      normHeads(keyNorm, space.key, t * keyRow, keyRow);
      if (rotation.isPresent()) {
        rotateHeads(rotation.get(), t, space.query, t * queryRow, queryRow);
        rotateHeads(rotation.get(), t, space.key, t * keyRow, keyRow);
      }
      if (spec.temperature().isPresent()) {
        float grown = temperature(spec.temperature().get(), space.position + t);
        floats.scale(grown, space.query, t * queryRow, queryRow);
      }
      cache.store(space.position + t, space.key, t * keyRow, space.value, t * valueRow);
    }
  }

  private static void normHeads(Optional<Norm> norm, float[] x, int offset, int length) {
    if (norm.isPresent()) {
      for (int i = 0; i < length; i += norm.get().size()) {
        norm.get().apply(x, offset + i, x, offset + i);
      }
    }
  }

  private void rotateHeads(Rotation rotation, int t, float[] x, int offset, int length) {
    for (int i = 0; i < length; i += spec.keyLength()) {
      rotation.apply(floats, t, x, offset + i + rotatedFrom);
    }
  }

  private static float temperature(TemperatureSpec temperature, int position) {
    int stretches = position / temperature.originalContext();
    return (float) (1 + temperature.scale() * Math.log1p(stretches));
  }

  /** Prepares the concatenated heads for the output projection. */
  private void finish(Worker worker, Workspace space) {
    if (outputNorm.isEmpty() && !output.needsInt8()) {
      return;
    }
    Activations attended = space.attended;
    int from = worker.from(space.count, 1);
    int to = worker.to(space.count, 1);
    for (int t = from; t < to && outputNorm.isPresent(); t++) {
      int offset = t * attended.cols();
      outputNorm.get().apply(attended.values(), offset, attended.values(), offset);
    }
    if (output.needsInt8()) {
      floats.quantize(attended, from, to);
    }
    worker.barrier();
  }
}
