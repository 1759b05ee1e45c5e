package dev.skipjack.inference.attention;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.models.spec.AttentionSpec;

/**
 * How the attention of one layer to one batch is cut into units that workers take: {@code [kvHeads
 * x blocks x spans]}. A prompt is cut into blocks of queries, each with the whole text before it; a
 * token or a few have one block, and the text is cut into spans whose results are merged
 * (Flash-Decoding), so that a model with few key/value heads keeps many workers busy.
 *
 * <p>Spans depend on positions alone, and rows do not depend on blocks, so results do not depend on
 * the number of workers. The lead prepares the plan; all workers read it after a barrier.
 */
final class AttentionPlan {
  /** Rows that a block aims at: their buffers fit a core's second cache well. */
  static final int BLOCK_ROWS = 64;

  /** Most tokens in a batch for which the text is cut. */
  static final int SPLIT_TOKENS = 4;

  /** Most spans. */
  static final int MAX_SPANS = 16;

  /** Positions of the shortest span of one or two heads: enough work to be worth a merge. */
  private static final int MIN_SPAN = 256;

  /** How much longer it is at most where there are more heads, which are units of their own. */
  private static final int LONGER = 4;

  /** Units that every worker should find, so that none waits long for the last. */
  private static final int UNITS_PER_WORKER = 4;

  private int count;
  private int end;
  private int kvHeads;
  private int blockTokens;
  private int blocks;
  private int firstPosition;
  private int spanLength;
  private int spans;

  /** Plans for {@code count} tokens from {@code position} on; called by one worker. */
  void prepare(AttentionSpec spec, int position, int count, int workers) {
    this.count = count;
    this.end = position + count;
    this.kvHeads = spec.kvHeadCount();
    boolean split = count <= SPLIT_TOKENS;
    int largest = Math.max(1, BLOCK_ROWS / spec.groupSize());
    int balanced = count * kvHeads / (UNITS_PER_WORKER * workers);
    this.blockTokens = split ? count : Math.clamp(balanced, 1, largest);
    this.blocks = Math.ceilDiv(count, blockTokens);
    int tile = CacheKernels.TILE;
    this.firstPosition = TiledAttention.firstSeen(spec, position) / tile * tile;
    int seen = end - firstPosition;
    int shortest = MIN_SPAN * Math.clamp(kvHeads / 2, 1, LONGER);
    int most = split ? Math.clamp(seen / shortest, 1, MAX_SPANS) : 1;
    this.spanLength = Math.ceilDiv(Math.ceilDiv(seen, most), tile) * tile;
    this.spans = Math.ceilDiv(seen, spanLength);
  }

  int units() {
    return kvHeads * blocks * spans;
  }

  int spans() {
    return spans;
  }

  int span(int unit) {
    return unit % spans;
  }

  int kvHead(int unit) {
    return unit / spans / blocks;
  }

  /** The last block comes first: it sees most, and the small ones fill the gaps at the end. */
  int fromToken(int unit) {
    return (blocks - 1 - unit / spans % blocks) * blockTokens;
  }

  int toToken(int unit) {
    return Math.min(count, fromToken(unit) + blockTokens);
  }

  int start(int unit) {
    return firstPosition + span(unit) * spanLength;
  }

  int end(int unit) {
    return Math.min(end, start(unit) + spanLength);
  }

  /** Rows of the largest block any plan makes. */
  static int mostRows(AttentionSpec spec) {
    return Math.max(BLOCK_ROWS, SPLIT_TOKENS * spec.groupSize());
  }
}
