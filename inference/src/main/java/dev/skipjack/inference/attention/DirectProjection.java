package dev.skipjack.inference.attention;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.ProjectionSpec;

/** One linear map each for queries, keys and values. */
final class DirectProjection implements Projection {
  private final Linear query;
  private final Linear key;
  private final Linear value;

  DirectProjection(KernelProvider kernels, ProjectionSpec.Direct spec) {
    this.query = Linear.dense(kernels, spec.query());
    this.key = Linear.dense(kernels, spec.key());
    this.value = Linear.dense(kernels, spec.value());
  }

  @Override
  public boolean needsInt8() {
    return query.needsInt8() || key.needsInt8() || value.needsInt8();
  }

  @Override
  public void apply(Worker worker, Workspace space) {
    query.apply(worker, space.normed, space.count, space.query, query.outputs());
    key.apply(worker, space.normed, space.count, space.key, key.outputs());
    value.apply(worker, space.normed, space.count, space.value, value.outputs());
  }
}
