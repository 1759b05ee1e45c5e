package dev.skipjack.kernels;

/**
 * The input of a linear map for a batch of tokens: floats {@code [tokens x cols]} and, on demand,
 * their int8 form in blocks of 32. Belongs to one session; written and read by its workers with a
 * barrier in between.
 *
 * <p>Block {@code b} of a token has scale {@code s = max|x| / 127}, quants {@code q = round(x / s)}
 * (ties away from zero) widened to short, and the sum of its quants. Columns past the end of a last
 * partial block are zero.
 */
public final class Activations {
  /** Columns per int8 block. */
  public static final int BLOCK = 32;

  private final int tokens;
  private final int cols;
  private final int blocks;
  private final float[] values;
  private final short[] quants;
  private final float[] scales;
  private final short[] sums;

  /** Room for {@code tokens} rows of {@code cols} values. */
  public Activations(int tokens, int cols) {
    this.tokens = tokens;
    this.cols = cols;
    this.blocks = blocks(cols);
    this.values = new float[Math.multiplyExact(tokens, cols)];
    this.quants = new short[Math.multiplyExact(tokens, blocks * BLOCK)];
    this.scales = new float[tokens * blocks];
    this.sums = new short[tokens * blocks];
  }

  private Activations(Activations storage, int cols) {
    this.tokens = storage.tokens;
    this.cols = cols;
    this.blocks = blocks(cols);
    this.values = storage.values;
    this.quants = storage.quants;
    this.scales = storage.scales;
    this.sums = storage.sums;
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
    return width == cols ? this : new Activations(this, width);
  }

  public int tokens() {
    return tokens;
  }

  public int cols() {
    return cols;
  }

  /** Int8 blocks per token. */
  public int blocks() {
    return blocks;
  }

  /** {@code [tokens x cols]}, row-major; longer in a {@link #narrowed} view. */
  public float[] values() {
    return values;
  }

  /** {@code [tokens x 32 blocks]}. */
  public short[] quants() {
    return quants;
  }

  /** {@code [tokens x blocks]}. */
  public float[] scales() {
    return scales;
  }

  /** {@code [tokens x blocks]}: the sum of each block's quants. */
  public short[] sums() {
    return sums;
  }
}
