package dev.skipjack.inference.attention;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Norm;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.ProjectionSpec;

/**
 * Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434), expanded: keys and values are
 * computed from the latent vector for every head and cached like any others.
 */
final class LatentProjection implements Projection {
  private final FloatKernels floats;
  private final Linear query;
  private final Linear compress;
  private final Norm latentNorm;
  private final Linear expand;
  private final int heads;
  private final int keyLength;
  private final int valueLength;
  private final int content;

  LatentProjection(KernelProvider kernels, AttentionSpec attention, ProjectionSpec.Latent spec) {
    this.floats = kernels.floats();
    this.query = Linear.dense(kernels, spec.query());
    this.compress = Linear.dense(kernels, spec.compress());
    this.latentNorm = new Norm(floats, spec.latentNorm());
    this.expand = Linear.dense(kernels, spec.expand());
    this.heads = attention.headCount();
    this.keyLength = attention.keyLength();
    this.valueLength = attention.valueLength();
    this.content = expand.outputs() / heads - valueLength;
  }

  @Override
  public boolean needsInt8() {
    return query.needsInt8() || compress.needsInt8();
  }

  @Override
  public void apply(Worker worker, Workspace space) {
    int tokens = space.count;
    query.apply(worker, space.normed, tokens, space.query, query.outputs());
    compress.apply(worker, space.normed, tokens, space.compressed, compress.outputs());
    worker.barrier();
    int from = worker.from(tokens, 1);
    int to = worker.to(tokens, 1);
    for (int t = from; t < to; t++) {
      latentNorm.apply(
          space.compressed, t * compress.outputs(), space.latent.values(), t * latentNorm.size());
    }
    if (expand.needsInt8()) {
      floats.quantize(space.latent, from, to);
    }
    worker.barrier();
    expand.apply(worker, space.latent, tokens, space.expanded, expand.outputs());
    worker.barrier();
    for (int t = from; t < to; t++) {
      spread(space, t);
    }
  }

  /**
   * Cuts the expansion of a token into key contents and values; all heads share the rotated key.
   */
  private void spread(Workspace space, int t) {
    int rotated = keyLength - content;
    int shared = t * compress.outputs() + latentNorm.size();
    for (int h = 0; h < heads; h++) {
      int source = t * expand.outputs() + h * (content + valueLength);
      int key = (t * heads + h) * keyLength;
      System.arraycopy(space.expanded, source, space.key, key, content);
      System.arraycopy(space.compressed, shared, space.key, key + content, rotated);
      int value = (t * heads + h) * valueLength;
      System.arraycopy(space.expanded, source + content, space.value, value, valueLength);
    }
  }
}
