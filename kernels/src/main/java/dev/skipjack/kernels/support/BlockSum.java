package dev.skipjack.kernels.support;

import java.util.Arrays;

/** A sum of rows in the order of {@link BlockRows}, whose layouts read it each its way. */
public final class BlockSum {
  private final int units;
  private final int lanes;

  /** {@code [units x 32 x lanes]}. */
  public final float[] values;

  /** Sums of coefficients times scales {@code [units x lanes]}, for layouts that have a centre. */
  public final float[] scales;

  /** Keeps what was read ahead alive. */
  int touched;

  BlockSum(int units, int lanes) {
    this.units = units;
    this.lanes = lanes;
    this.values = new float[units * BlockRows.BLOCK * lanes];
    this.scales = new float[units * lanes];
  }

  public int units() {
    return units;
  }

  void clear(int fromUnit, int toUnit) {
    int length = BlockRows.BLOCK * lanes;
    Arrays.fill(values, fromUnit * length, toUnit * length, 0);
    Arrays.fill(scales, fromUnit * lanes, toUnit * lanes, 0);
  }
}
