package dev.skipjack.inference.attention;

import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.models.spec.AttentionSpec;
import java.util.Arrays;

/**
 * Attention of a block of queries to a span of positions, tile by tile, as FlashAttention does it
 * (Dao et al., arXiv 2205.14135): every tile of keys and values is read and converted once for all
 * query heads that share it and all tokens of the block. A few rows may leave the conversion to the
 * products. Immutable.
 *
 * <p>What a row gets depends neither on the other rows of its block nor on where the block ends.
 */
final class TiledAttention {
  private static final int TILE = CacheKernels.TILE;

  private final FloatKernels floats;
  private final float scale;
  private final float softcap;
  private final int window;
  private final int heads;
  private final int group;
  private final int keyLength;
  private final int valueLength;

  TiledAttention(FloatKernels floats, AttentionSpec spec) {
    this.floats = floats;
    this.scale = spec.scale();
    this.softcap = spec.softcap();
    this.window = spec.slidingWindow();
    this.heads = spec.headCount();
    this.group = spec.groupSize();
    this.keyLength = spec.keyLength();
    this.valueLength = spec.valueLength();
  }

  /** The first position that a query at {@code position} sees. */
  static int firstSeen(AttentionSpec spec, int position) {
    return firstSeen(spec.slidingWindow(), position);
  }

  private static int firstSeen(int window, int position) {
    return window == 0 ? 0 : Math.max(0, position + 1 - window);
  }

  /**
   * Attends for batch tokens {@code [fromToken, toToken)} of one key/value head to what they see of
   * positions {@code [start, end)}; leaves the rows {@code [tokens * group]} in the block.
   */
  void attend(
      Workspace space,
      KvCache cache,
      QueryBlock block,
      int kvHead,
      int fromToken,
      int toToken,
      int start,
      int end) {
    int rows = (toToken - fromToken) * group;
    gather(space, block, kvHead, fromToken, toToken);
    block.clear(rows, valueLength);
    int first = space.position + fromToken;
    int last = space.position + toToken - 1;
    int from = Math.max(start, firstSeen(window, first));
    int to = Math.min(end, last + 1);
    boolean direct = cache.isDirect(rows);
    int whole = direct ? (to - from) / TILE : 0;
    boolean ahead = block.readAhead.begin(whole);
    for (int tile = from / TILE; tile * TILE < to; tile++) {
      if (ahead && (tile + 1) * TILE <= to) {
        block.touched |= cache.touch(kvHead, tile);
      }
      score(cache, block, direct, kvHead, tile, Math.min(TILE, to - tile * TILE), rows);
      int tileFrom = Math.max(start - tile * TILE, 0);
      int tileTo = Math.min(end - tile * TILE, TILE);
      mix(cache, block, direct, kvHead, tile, tileFrom, tileTo, first, last);
    }
    block.readAhead.end();
  }

  /** Copies the queries of a group, scaled, token by token. */
  private void gather(Workspace space, QueryBlock block, int kvHead, int fromToken, int toToken) {
    int length = group * keyLength;
    for (int t = fromToken; t < toToken; t++) {
      int source = (t * heads + kvHead * group) * keyLength;
      System.arraycopy(space.query, source, block.queries, (t - fromToken) * length, length);
    }
    floats.scale(scale, block.queries, 0, (toToken - fromToken) * length);
  }

  /** Scores of all rows at the first positions of the tile, whether they see them or not. */
  private void score(
      KvCache cache,
      QueryBlock block,
      boolean direct,
      int kvHead,
      int tile,
      int positions,
      int rows) {
    if (direct) {
      cache.score(kvHead, tile, positions, block.queries, rows, block.scores, block.tile);
      return;
    }
    cache.loadKeys(kvHead, tile, block.tile);
    Arrays.fill(block.scores, 0, rows * TILE, 0);
    floats.addProduct(
        block.queries, 0, keyLength, block.tile, 0, block.scores, 0, rows, keyLength, TILE);
  }

  /**
   * Weighs what queries at positions {@code [first, last]} see of tile positions {@code [from,
   * to)}, and adds the values.
   */
  private void mix(
      KvCache cache,
      QueryBlock block,
      boolean direct,
      int kvHead,
      int tile,
      int from,
      int to,
      int first,
      int last) {
    int base = tile * TILE;
    if (!direct) {
      cache.loadValues(kvHead, tile, Math.min(to, last + 1 - base), block.tile);
    }
    int latestFrom = Math.max(from, firstSeen(window, last) - base);
    int earliestTo = Math.min(to, first + 1 - base);
    boolean allSeeAll =
        latestFrom == Math.max(from, firstSeen(window, first) - base)
            && earliestTo == Math.min(to, last + 1 - base);
    if (allSeeAll) {
      int rows = (last - first + 1) * group;
      add(cache, block, direct, kvHead, tile, latestFrom, earliestTo, 0, rows);
      return;
    }
    for (int position = first; position <= last; position++) {
      int seenFrom = Math.max(from, firstSeen(window, position) - base);
      int seenTo = Math.min(to, position + 1 - base);
      if (seenFrom < seenTo) {
        int row = (position - first) * group;
        add(cache, block, direct, kvHead, tile, seenFrom, seenTo, row, group);
      }
    }
  }

  /** Weighs and adds tile positions {@code [from, to)}, which all these rows see. */
  private void add(
      KvCache cache,
      QueryBlock block,
      boolean direct,
      int kvHead,
      int tile,
      int from,
      int to,
      int firstRow,
      int rows) {
    for (int row = firstRow; softcap > 0 && row < firstRow + rows; row++) {
      floats.softcap(softcap, block.scores, row * TILE + from, to - from);
    }
    block.weigh(floats, firstRow, rows, from, to, valueLength);
    if (direct) {
      cache.mix(kvHead, tile, from, to, block.scores, firstRow, rows, block.sums, block.tile);
      return;
    }
    floats.addProduct(
        block.scores,
        firstRow * TILE + from,
        TILE,
        block.tile,
        from * valueLength,
        block.sums,
        firstRow * valueLength,
        rows,
        to - from,
        valueLength);
  }
}
