package dev.skipjack.kernels;

import java.util.Arrays;

/**
 * The input of a linear map for a batch of tokens: floats {@code [tokens x cols]} and, on demand,
 * their int8 form in blocks of 32. Belongs to one session; written and read by its workers with a
 * barrier in between.
 *
 * <p>Block {@code b} of a token has scale {@code s = max|x| / 127}, quants {@code q = round(x / s)}
 * (ties away from zero) widened to short, and the sum of its quants. Columns past the end of a last
 * partial block are zero. Row-interleaved kernels of one token read the same quants in other
 * arrangements, {@link #pairs}, {@link #nibbles} and {@link #sixes}; those of many tokens read
 * {@link #tiles}. These are made of the quants when they are first asked for, by all workers
 * together that ask.
 */
public final class Activations {
  /** Columns per int8 block. */
  public static final int BLOCK = 32;

  /** Ints of {@link #sixes} for 16 columns. */
  public static final int SIXES = 11;

  private final Storage storage;
  private final int cols;
  private final int blocks;

  /** Room for {@code tokens} rows of {@code cols} values. */
  public Activations(int tokens, int cols) {
    this(new Storage(cols), cols);
    storage.allocate(tokens);
  }

  private Activations(Storage storage, int cols) {
    this.storage = storage;
    this.cols = cols;
    this.blocks = blocks(cols);
  }

  private static int blocks(int cols) {
    return (cols + BLOCK - 1) / BLOCK;
  }

  /**
   * The same storage with shorter rows, for a layer that is narrower than others. What one view
   * holds is lost when another is written.
   *
   * @throws IllegalArgumentException if {@code width} is more than {@link #cols()}
   */
  public Activations narrowed(int width) {
    if (width < 0 || width > cols) {
      throw new IllegalArgumentException(
          "width: found %d, expected 0 to %d".formatted(width, cols));
    }
    return width == cols ? this : new Activations(storage, width);
  }

  /**
   * Makes room for at least so many tokens, in all views of the storage. If it has to grow, what it
   * held is lost. Nobody else may use it meanwhile.
   */
  public void reserve(int tokens) {
    if (tokens > storage.tokens) {
      storage.allocate(tokens);
    }
  }

  /** Tokens there is room for. */
  public int tokens() {
    return storage.tokens;
  }

  public int cols() {
    return cols;
  }

  /** Bytes of the storage, which views share. */
  public long byteSize() {
    return storage.byteSize();
  }

  /** Bytes of the {@link #tiles}, which are there once somebody has asked for them. */
  public long tileBytes() {
    return storage.tileBytes();
  }

  /** Int8 blocks per token. */
  public int blocks() {
    return blocks;
  }

  /** {@code [tokens x cols]}, row-major; longer in a {@link #narrowed} view. */
  public float[] values() {
    return storage.values;
  }

  /** {@code [tokens x 32 blocks]}. */
  public short[] quants() {
    return storage.quants;
  }

  /** {@code [tokens x blocks]}. */
  public float[] scales() {
    return storage.scales;
  }

  /** {@code [tokens x blocks]}: the sum of each block's quants. */
  public short[] sums() {
    return storage.sums;
  }

  /**
   * {@code [tokens x 16 blocks]}, valid for this token: columns 2i (low half) and 2i + 1 (high
   * half) of a block.
   */
  public int[] pairs(int token) {
    return storage.pairs.of(storage.quants, token, blocks);
  }

  /**
   * {@code [tokens x 16 blocks]}, valid for this token: factors for words of eight 4-bit weights.
   * Word j of a block holds its columns 4j, 16 + 4j, 4j + 1, 17 + 4j, ..., the first in the lowest
   * bits. Shifting a word right by 4 s bits leaves, beside the wanted weight, its successors times
   * powers of 16 in each 16-bit half; so that they cancel modulo 2^16, factor {@code y[k] = q[k] -
   * 16 q[k - 1]} stands for the k-th weight of the word. Int 4j + s has {@code y[s]} in its low
   * half and {@code y[s + 4]} in its high half.
   */
  public int[] nibbles(int token) {
    return storage.nibbles.of(storage.quants, token, blocks);
  }

  /**
   * {@code [tokens x 22 blocks]}, valid for this token: factors for words of six-bit weights, 11
   * for each 16 columns, of which columns 0 to 7 have the low halves and 8 to 15 the high ones.
   * Three words hold the eight weights of a half: the first two weights 0 to 2 and 3 to 5, but of
   * the last only the four lower bits; the third weights 6 and 7 and the upper bits of 2 and 5.
   * Each half shifted right by 0, 6 and 12 bits, the third also by 14, and multiplied by factors 0
   * to 9 in that order, gives modulo 2^16 the sum of weights times quants, as in {@link #nibbles};
   * factor 10 is what the sum starts from so that a weight of 32 counts as 0.
   */
  public int[] sixes(int token) {
    return storage.sixes.of(storage.quants, token, blocks);
  }

  /** To be called, once, by whoever has written the quants of a token. */
  public void quantized(int token) {
    storage.pairs.forget(token);
    storage.nibbles.forget(token);
    storage.sixes.forget(token);
    storage.versions[token]++;
    if (storage.tiles != null) {
      storage.tiles.forget(token);
    }
  }

  /** Stands for the storage, which it does not keep alive; the same in all views. */
  public Object identity() {
    return storage.identity;
  }

  /** Differs whenever the quants of a token were written anew. */
  public long version(int token) {
    return storage.versions[token];
  }

  /**
   * The quants of the first tokens in tiles, made of them unless that was done since they were
   * written. All workers that read them may ask at once, and share the work.
   *
   * @param spread any does the same
   */
  public TokenTiles tiles(int count, TokenTiles.Spread spread) {
    TokenTiles tiles = storage.tiles();
    tiles.fill(storage.quants, storage.scales, blocks, count, spread);
    return tiles;
  }

  /** What views of different widths share. Made anew when it grows. */
  private static final class Storage {
    private final Object identity = new Object();
    private final int cols;
    private int tokens;
    private float[] values;
    private short[] quants;
    private float[] scales;
    private short[] sums;
    private Arrangement pairs;
    private Arrangement nibbles;
    private Arrangement sixes;

    /** How often the quants of a token were written. */
    private long[] versions = new long[0];

    /** Made when they are first asked for, since few layouts do; null before. */
    private volatile TokenTiles tiles;

    Storage(int cols) {
      this.cols = cols;
    }

    TokenTiles tiles() {
      TokenTiles made = tiles;
      return made == null ? makeTiles() : made;
    }

    private synchronized TokenTiles makeTiles() {
      if (tiles == null) {
        tiles = new TokenTiles(tokens, blocks(cols));
      }
      return tiles;
    }

    void allocate(int rows) {
      int blocks = blocks(cols);
      values = new float[Math.multiplyExact(rows, cols)];
      quants = new short[Math.multiplyExact(rows, blocks * BLOCK)];
      scales = new float[rows * blocks];
      sums = new short[rows * blocks];
      pairs = new Arrangement(rows, blocks, QuantWords.INTS, QuantWords::pairs);
      nibbles = new Arrangement(rows, blocks, QuantWords.INTS, QuantWords::nibbles);
      sixes = new Arrangement(rows, blocks, SixBitFactors.INTS, SixBitFactors::fill);
      // Goes on counting, so that nothing made of what was lost counts as made of what follows.
      versions = Arrays.copyOf(versions, rows);
      tiles = null;
      // Last, so that a lack of memory leaves a storage that is as large as it says.
      tokens = rows;
    }

    long tileBytes() {
      return TokenTiles.byteSize(tokens, blocks(cols));
    }

    long byteSize() {
      return (long) Float.BYTES * (values.length + scales.length)
          + (long) Short.BYTES * (quants.length + sums.length)
          + (long) Long.BYTES * versions.length
          + pairs.byteSize()
          + nibbles.byteSize()
          + sixes.byteSize()
          + (tiles == null ? 0 : tileBytes());
    }
  }
}
