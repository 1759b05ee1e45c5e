package dev.skipjack.kernels.support;

/** Inputs of a block of {@link ChannelBlocks} that are about to be added, and their workspace. */
public final class ChannelSum {
  /** Most outputs whose sums are made together. */
  public static final int OUTPUTS = 16384;

  /** No vector has more ints. */
  private static final int LANES = 16;

  /** Byte offsets of the rows of the inputs, of the first output. */
  public final long[] places = new long[ChannelBlocks.BLOCK];

  /** What each row is multiplied with, from -127 to 127. */
  public final int[] values = new int[ChannelBlocks.BLOCK];

  /**
   * For layouts: what each row is multiplied with, in every lane {@code [BLOCK x lanes]}, and a
   * vector behind.
   */
  public final int[] factors = new int[(ChannelBlocks.BLOCK + 1) * LANES];

  /** For layouts, which have up to one for each output. */
  public final int[] sums = new int[OUTPUTS];

  /** Places that are being read ahead {@code [AHEAD]}. */
  final long[] ahead = new long[BlockRows.AHEAD];

  /** Keeps what was read ahead alive. */
  int touched;

  private int count;

  /** Rows that were {@link #put} and one that counts nothing where they are odd. */
  public int count() {
    return count;
  }

  /** Starts a new list of rows. */
  void begin() {
    count = 0;
  }

  /** Adds to the list. */
  void put(long place, int value) {
    places[count] = place;
    values[count++] = value;
  }

  /** Makes the list even. */
  void end() {
    if (count % 2 != 0) {
      put(places[count - 1], 0);
    }
  }
}
