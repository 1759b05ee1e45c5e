package dev.skipjack.inference.attention;

import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.LayerSpec;

/**
 * Every buffer attention needs beside the workspace and the cache. One per session, used by layer
 * after layer; its size does not grow with the context.
 */
public final class AttentionSpace {
  final AttentionPlan plan = new AttentionPlan();
  final PartialResults partials;
  private final QueryBlock[] blocks;

  /**
   * @param workers of the team that will run the session
   */
  public AttentionSpace(DecoderSpec spec, int workers) {
    int rows = 0;
    int heads = 0;
    int keyLength = 0;
    int valueLength = 0;
    for (LayerSpec layer : spec.layers()) {
      AttentionSpec attention = layer.attention();
      rows = Math.max(rows, AttentionPlan.mostRows(attention));
      heads = Math.max(heads, attention.headCount());
      keyLength = Math.max(keyLength, attention.keyLength());
      valueLength = Math.max(valueLength, attention.valueLength());
    }
    this.partials = new PartialResults(heads * AttentionPlan.SPLIT_TOKENS, valueLength);
    this.blocks = new QueryBlock[workers];
    for (int i = 0; i < workers; i++) {
      blocks[i] = new QueryBlock(rows, keyLength, valueLength);
    }
  }

  QueryBlock block(Worker worker) {
    return blocks[worker.index()];
  }
}
