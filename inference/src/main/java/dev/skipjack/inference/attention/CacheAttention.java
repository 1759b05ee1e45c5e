package dev.skipjack.inference.attention;

import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.AttentionSpec;

/**
 * Attention of a batch to the cache, on all workers: from {@link Workspace#query} to {@link
 * Workspace#attended}. Immutable.
 */
final class CacheAttention {
  private final FloatKernels floats;
  private final AttentionSpec spec;
  private final TiledAttention tiled;
  private final boolean quantizes;

  /** Whether heads end where blocks do, so that each can be quantised by whoever computes it. */
  private final boolean quantizesHeads;

  /**
   * @param quantizes whether the results are wanted as int8 blocks too
   */
  CacheAttention(FloatKernels floats, AttentionSpec spec, boolean quantizes) {
    this.floats = floats;
    this.spec = spec;
    this.tiled = new TiledAttention(floats, spec);
    this.quantizes = quantizes;
    this.quantizesHeads = quantizes && spec.valueLength() % Activations.BLOCK == 0;
  }

  /** Plans the batch. Called by one worker; a barrier must follow before {@link #attend}. */
  void prepare(Worker worker, Workspace space, AttentionSpace scratch) {
    scratch.plan.prepare(spec, space.position, space.count, worker.count());
  }

  /** Attends for the units this worker takes, then merges its share; ends with a barrier. */
  void attend(Worker worker, Workspace space, KvCache cache, AttentionSpace scratch) {
    AttentionPlan plan = scratch.plan;
    QueryBlock block = scratch.block(worker);
    worker.distributeSingly(plan.units());
    while (worker.take()) {
      attend(space, cache, scratch, block, worker.first());
    }
    if (plan.spans() > 1) {
      worker.barrier();
      merge(worker, space, scratch);
    }
    if (quantizes && !quantizesHeads) {
      worker.barrier();
      floats.quantize(space.attended, worker.from(space.count, 1), worker.to(space.count, 1));
    } else if (quantizes && worker.isLead()) {
      for (int t = 0; t < space.count; t++) {
        space.attended.quantized(t);
      }
    }
    worker.barrier();
  }

  private void attend(
      Workspace space, KvCache cache, AttentionSpace scratch, QueryBlock block, int unit) {
    AttentionPlan plan = scratch.plan;
    int kvHead = plan.kvHead(unit);
    int from = plan.fromToken(unit);
    int to = plan.toToken(unit);
    tiled.attend(space, cache, block, kvHead, from, to, plan.start(unit), plan.end(unit));
    int group = spec.groupSize();
    for (int row = 0; row < (to - from) * group; row++) {
      int head = kvHead * group + row % group;
      put(space, scratch, block, row, from + row / group, head, plan.span(unit));
    }
  }

  /** Puts a row of a block where it belongs: one of several results, or the only one. */
  private void put(
      Workspace space,
      AttentionSpace scratch,
      QueryBlock block,
      int row,
      int t,
      int head,
      int span) {
    int length = spec.valueLength();
    if (scratch.plan.spans() > 1) {
      scratch.partials.put(t * spec.headCount() + head, span, block, row, length);
      return;
    }
    int out = t * space.attended.cols() + head * length;
    System.arraycopy(block.sums, row * length, space.attended.values(), out, length);
    floats.scale(1 / block.totals[row], space.attended.values(), out, length);
    quantizeHead(space, t, head);
  }

  private void quantizeHead(Workspace space, int t, int head) {
    if (quantizesHeads) {
      int blocks = spec.valueLength() / Activations.BLOCK;
      floats.quantizeBlocks(space.attended, t, head * blocks, (head + 1) * blocks);
    }
  }

  private void merge(Worker worker, Workspace space, AttentionSpace scratch) {
    int heads = spec.headCount();
    int length = spec.valueLength();
    int to = worker.to(space.count * heads, 1);
    for (int row = worker.from(space.count * heads, 1); row < to; row++) {
      int out = row / heads * space.attended.cols() + row % heads * length;
      scratch.partials.merge(
          floats, row, scratch.plan.spans(), length, space.attended.values(), out);
      quantizeHead(space, row / heads, row % heads);
    }
  }
}
