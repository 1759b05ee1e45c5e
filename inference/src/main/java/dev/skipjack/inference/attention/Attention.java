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

  /** Into how many parts the heads of a token can be divided before attention. */
  private final int parts;

  /**
   * @param linears binds its maps
   * @param layer the index they are bound for
   */
  public Attention(KernelProvider kernels, Linears linears, int layer, AttentionSpec spec) {
    this.layer = layer;
    this.spec = spec;
    this.floats = kernels.floats();
    this.projection = Projection.of(kernels, linears, layer, spec);
    this.queryNorm = spec.queryNorm().map(norm -> new Norm(floats, norm));
    this.keyNorm = spec.keyNorm().map(norm -> new Norm(floats, norm));
    this.outputNorm = spec.outputNorm().map(norm -> new Norm(floats, norm));
    this.output = linears.bind(layer, LinearRole.OUTPUT, spec.output());
    this.cached = new CacheAttention(floats, spec, output.needsInt8() && outputNorm.isEmpty());
    this.parts = isPerHead(queryNorm) && isPerHead(keyNorm) ? spec.kvHeadCount() : 1;
    // A latent head is [content | rotated], any other [rotated | rest].
    this.rotatedFrom =
        spec.projection() instanceof ProjectionSpec.Latent && spec.rope().isPresent()
            ? spec.keyLength() - spec.rope().get().dimensions()
            : 0;
  }

  private boolean isPerHead(Optional<Norm> norm) {
    return norm.isEmpty() || norm.get().size() == spec.keyLength();
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

  /** Norms and rotates this worker's share of heads and tokens and caches keys and values. */
  private void place(Worker worker, Workspace space, KvCache cache, Optional<Rotation> rotation) {
    int heads = spec.kvHeadCount() / parts;
    int to = worker.to(space.count * parts, 1);
    for (int i = worker.from(space.count * parts, 1); i < to; i++) {
      place(space, cache, rotation, i / parts, i % parts * heads, heads);
    }
  }

  /** The same for some key/value heads of a token, and the query heads that read them. */
  private void place(
      Workspace space, KvCache cache, Optional<Rotation> rotation, int t, int head, int heads) {
    int keyLength = heads * spec.keyLength();
    int queryLength = keyLength * spec.groupSize();
    int first = t * spec.kvHeadCount() + head;
    int key = first * spec.keyLength();
    int query = key * spec.groupSize();
    normHeads(queryNorm, space.query, query, queryLength);
    normHeads(keyNorm, space.key, key, keyLength);
    if (rotation.isPresent()) {
      rotateHeads(rotation.get(), t, space.query, query, queryLength);
      rotateHeads(rotation.get(), t, space.key, key, keyLength);
    }
    if (spec.temperature().isPresent()) {
      float grown = temperature(spec.temperature().get(), space.position + t);
      floats.scale(grown, space.query, query, queryLength);
    }
    int value = first * spec.valueLength();
    cache.store(space.position + t, head, head + heads, space.key, key, space.value, value);
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

  /** Norms the concatenated heads for the output projection, and quantises them then. */
  private void finish(Worker worker, Workspace space) {
    if (outputNorm.isEmpty()) {
      return;
    }
    Activations attended = space.attended;
    int from = worker.from(space.count, 1);
    int to = worker.to(space.count, 1);
    for (int t = from; t < to; t++) {
      int offset = t * attended.cols();
      outputNorm.get().apply(attended.values(), offset, attended.values(), offset);
    }
    if (output.needsInt8()) {
      floats.quantize(attended, from, to);
    }
    worker.barrier();
  }
}
