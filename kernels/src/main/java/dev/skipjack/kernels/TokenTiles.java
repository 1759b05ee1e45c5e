package dev.skipjack.kernels;

import static dev.skipjack.kernels.Activations.BLOCK;

/**
 * The quants of {@link Activations} as products with many tokens read them: tiles of {@value
 * #TOKENS} tokens, in which what meets one column of weights lies side by side, each value in both
 * halves of an int. Tokens that the last tile lacks hold anything. Filled by all workers together;
 * none waits for another.
 *
 * <p>A product meets all tiles with {@value #BLOCKS} blocks, then with the next; these lie
 * together. If a tile had all of its blocks in one place, those of all tiles would be a multiple of
 * a large power of two apart, and share so few sets of a cache that it could not hold them.
 */
public final class TokenTiles {
  /** Tokens of a tile. */
  public static final int TOKENS = 6;

  /** Blocks of a tile that lie together. */
  public static final int BLOCKS = 8;

  /** Puts a value into both halves of an int. */
  private static final int TWICE = 0x10001;

  private final int tokens;
  private final int tiles;
  private final int[] quants;
  private final float[] scales;
  private final Pieces made;

  TokenTiles(int tokens, int blocks) {
    this.tokens = tokens;
    this.tiles = tiles(tokens);
    int places = places(blocks);
    this.quants = new int[Math.multiplyExact(tiles, TOKENS * BLOCK * places)];
    this.scales = new float[tiles * TOKENS * places];
    this.made = new Pieces(tiles);
  }

  /** Tiles of a number of tokens. */
  public static int tiles(int tokens) {
    return (tokens + TOKENS - 1) / TOKENS;
  }

  /**
   * Where a block of a tile is among all of them. The next tile's is {@value #BLOCKS} places
   * further on.
   */
  public int place(int tile, int block) {
    return (block / BLOCKS * tiles + tile) * BLOCKS + block % BLOCKS;
  }

  /** {@code [places x 32 x TOKENS]}. */
  public int[] quants() {
    return quants;
  }

  /** {@code [places x TOKENS]}. */
  public float[] scales() {
    return scales;
  }

  /** Bytes for so many tokens of so many blocks. */
  static long byteSize(int tokens, int blocks) {
    long tile = (long) Integer.BYTES * TOKENS * BLOCK + (long) Float.BYTES * TOKENS;
    return tiles(tokens) * (places(blocks) * tile + Integer.BYTES);
  }

  private static int places(int blocks) {
    return Math.ceilDiv(blocks, BLOCKS) * BLOCKS;
  }

  void forget(int token) {
    made.forget(token / TOKENS, token / TOKENS + 1);
  }

  /** Shares the work as {@link Pieces} says. */
  void fill(short[] from, float[] fromScales, int blocks, int count, Spread spread) {
    int filled = tiles(count);
    for (int tile = 0; tile < filled; tile++) {
      if (made.claim(tile)) {
        fillTile(tile, from, fromScales, blocks, spread);
      }
    }
    for (int tile = 0; tile < filled; tile++) {
      if (!made.isDone(tile)) {
        fillTile(tile, from, fromScales, blocks, spread);
      }
    }
  }

  private void fillTile(int tile, short[] from, float[] fromScales, int blocks, Spread spread) {
    int first = tile * TOKENS;
    int count = Math.min(TOKENS, tokens - first);
    for (int block = 0; block < blocks; block += BLOCKS) {
      int together = Math.min(BLOCKS, blocks - block);
      int to = place(tile, block);
      int at = first * blocks + block;
      for (int t = 0; t < count; t++) {
        for (int b = 0; b < together; b++) {
          scales[(to + b) * TOKENS + t] = fromScales[at + t * blocks + b];
        }
      }
      int cols = together * BLOCK;
      spread.spread(from, at * BLOCK, blocks * BLOCK, count, cols, quants, to * BLOCK * TOKENS);
    }
    made.done(tile);
  }

  /** {@link Spread} for any tile. */
  public static void spread(
      short[] q, int from, int stride, int tokens, int cols, int[] out, int to) {
    for (int t = 0; t < tokens; t++) {
      for (int c = 0; c < cols; c++) {
        out[to + c * TOKENS + t] = (q[from + t * stride + c] & 0xffff) * TWICE;
      }
    }
  }

  /** How the quants of a tile are put in their places. */
  @FunctionalInterface
  public interface Spread {
    /**
     * {@code out[to + c TOKENS + t] = q[from + t stride + c]}, in both halves, for {@code t <
     * tokens} and {@code c < cols}.
     *
     * @param tokens at least 1; the places of those that the tile lacks may hold anything
     * @param cols whole blocks
     */
    void spread(short[] q, int from, int stride, int tokens, int cols, int[] out, int to);
  }
}
