package dev.skipjack.inference.attention;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.ProjectionSpec;

/** One linear map each for queries, keys and values. */
final class DirectProjection implements Projection {
  private final Linear query;
  private final Linear key;
  private final Linear value;

  DirectProjection(Linears linears, int layer, ProjectionSpec.Direct spec) {
    this.query = linears.bind(layer, LinearRole.QUERY, spec.query());
    this.key = linears.bind(layer, LinearRole.KEY, spec.key());
    this.value = linears.bind(layer, LinearRole.VALUE, spec.value());
  }

  @Override
  public boolean needsInt8() {
    return query.needsInt8() || key.needsInt8() || value.needsInt8();
  }

  @Override
  public void apply(Worker worker, Workspace space) {
    query.applyBatch(worker, space, space.normed, space.query);
    key.applyBatch(worker, space, space.normed, space.key);
    value.applyBatch(worker, space, space.normed, space.value);
  }
}
