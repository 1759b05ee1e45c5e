package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;

/** The int8 form of one token in the order of {@link BlockRows}. Filled by each layout its way. */
public final class BlockInput {
  /** No row has more units. */
  private static final int UNITS = 0xffff;

  private final int units;

  /**
   * Factors {@code [units x 16 x lanes x 2]}: what the i-th pair of columns of a block is times. As
   * shorts, for C2 makes the load of a vector part of its multiplication only where nothing
   * reinterprets it in between.
   */
  public final short[] factors;

  /** Scales of the blocks {@code [units x lanes]}, in the unit that the layout needs. */
  public final float[] scales;

  /** What the sum of a block starts from {@code [units x lanes]}. */
  public final int[] starts;

  /** The lanes of sums, before they are added {@code [AHEAD x lanes]}. */
  public final float[] lanes;

  /** Byte offsets of rows {@code [AHEAD]}. */
  public final long[] places = new long[BlockRows.AHEAD];

  private BlockRows layout;
  private Object source;
  private int token;
  private long version;

  /** Keeps what was read ahead alive. */
  int touched;

  BlockInput(int units, int lanes) {
    this.units = units;
    this.factors = new short[units * BlockRows.BLOCK * lanes];
    this.scales = new float[units * lanes];
    this.starts = new int[units * lanes];
    this.lanes = new float[BlockRows.AHEAD * lanes];
  }

  /** Masked to bits that it does not exceed: so C2 computes one address for many vectors. */
  public int units() {
    return units & UNITS;
  }

  /** Whether this is still what a layout made of a token. */
  boolean holds(BlockRows by, Activations x, int ofToken) {
    return by == layout
        && x.identity() == source
        && ofToken == token
        && x.version(ofToken) == version;
  }

  void hold(BlockRows by, Activations x, int ofToken) {
    layout = by;
    source = x.identity();
    token = ofToken;
    version = x.version(ofToken);
  }
}
