package dev.skipjack.kernels.support;

import java.util.Arrays;

/** Rows about to be added in {@link BlockRows}, and the workspace of that. */
public final class BlockSum {
  /** Workspaces have room for so many vectors more than rows. */
  private static final int SPARE = 4;

  private final int lanes;

  /** A sum of this workspace's own {@code [units x 32 x lanes]}. */
  final float[] values;

  /** Byte offsets of the rows {@code [TOGETHER]}. */
  public final long[] places = new long[BlockRows.TOGETHER];

  /** Byte offsets of what is read ahead together {@code [AHEAD]}. */
  final long[] ahead = new long[BlockRows.AHEAD];

  /** What each row is multiplied with {@code [TOGETHER]}. */
  public final float[] coefficients = new float[BlockRows.TOGETHER];

  /** For layouts {@code [TOGETHER + 4 x lanes]}. */
  public final float[] floats;

  /** For layouts {@code [TOGETHER + 4 x lanes]}. */
  public final int[] factors;

  /** For layouts {@code [TOGETHER + 4 x lanes]}. */
  public final int[] sums;

  private int count;

  /** Keeps what was read ahead alive. */
  int touched;

  BlockSum(int units, int lanes) {
    this.lanes = lanes;
    this.values = new float[units * BlockRows.BLOCK * lanes];
    int room = (BlockRows.TOGETHER + SPARE) * lanes;
    this.floats = new float[room];
    this.factors = new int[room];
    this.sums = new int[room];
  }

  /** Rows that were {@link #put} and, with coefficients of zero, what fills the last four up. */
  public int count() {
    return count;
  }

  void clear(int fromUnit, int toUnit) {
    int length = BlockRows.BLOCK * lanes;
    Arrays.fill(values, fromUnit * length, toUnit * length, 0);
  }

  /** Starts a new list of rows. */
  void begin() {
    count = 0;
  }

  /** Adds to the list. */
  void put(long place, float coefficient) {
    places[count] = place;
    coefficients[count++] = coefficient;
  }

  /** Fills the list up to a multiple of four with rows that count nothing. */
  void end() {
    long last = places[count - 1];
    while (count % 4 != 0) {
      put(last, 0);
    }
  }
}
