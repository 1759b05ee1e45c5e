package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.Activations.BLOCK;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;

import dev.skipjack.kernels.support.BlockPanelKernel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Register tiles of two vectors of 16-bit rows by six tokens. A multiplication and an addition do
 * twice as many rows as a fused multiply-add of floats, and processors with 256-bit vectors do as
 * many of the pair: Zen 3 two in a cycle. In each 32-bit lane of vector v of a panel, the low half
 * belongs to row {@code 2 v LANES + lane} and the high half to {@code LANES} rows further on.
 */
final class VectorBlockPanels implements BlockPanelKernel {
  private static final int VECTORS = 2;
  private static final int COLUMN = VECTORS * LANES;
  private static final int ROWS = 2 * COLUMN;
  private static final int TILE = 6;
  private static final int WORK = TILE * COLUMN;

  /** A column that never comes, and so do the next. */
  private static final int NEVER = 1 << 30;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int tile() {
    return TILE;
  }

  @Override
  public void multiply(
      int[] panel,
      float[] panelScales,
      int blocks,
      int[] packed,
      float[] packedScales,
      int tiles,
      int[] work,
      float[] sums,
      int at) {
    for (int i = 0; i < tiles; i++) {
      int first = i * blocks;
      for (int b = 0; b < blocks; b++) {
        int xAt = (first + b) * TILE * BLOCK;
        twoBySix(panel, b * BLOCK * COLUMN, packed, xAt, work, b * WORK, BLOCK);
      }
      for (int t = 0; t < TILE; t++) {
        int to = at + (i * TILE + t) * ROWS;
        scale(work, t * COLUMN, blocks, panelScales, packedScales, first * TILE + t, sums, to);
      }
    }
  }

  /**
   * Leaves the sums of one block in a workspace {@code [TILE x COLUMN]}. The branches are never
   * taken: C2 moves loads to the front of a block of code, and inputs of several tokens would not
   * leave enough registers for the sums. Without helpers, since C2 inlines no more of them here.
   */
  private static void twoBySix(int[] w, int wAt, int[] x, int xAt, int[] sums, int at, int cols) {
    ShortVector zero = ShortVector.zero(SHORT_PAIRS);
    ShortVector s00 = zero, s01 = zero, s10 = zero, s11 = zero;
    ShortVector s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    ShortVector s40 = zero, s41 = zero, s50 = zero, s51 = zero;
    for (int c = 0; c < cols; c += 2) {
      ShortVector w0 = IntVector.fromArray(INTS, w, wAt).reinterpretAsShorts();
      ShortVector w1 = IntVector.fromArray(INTS, w, wAt + LANES).reinterpretAsShorts();
      ShortVector v = IntVector.broadcast(INTS, x[xAt]).reinterpretAsShorts();
      s00 = w0.mul(v).add(s00);
      s01 = w1.mul(v).add(s01);
      if (c == NEVER) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 1]).reinterpretAsShorts();
      s10 = w0.mul(v).add(s10);
      s11 = w1.mul(v).add(s11);
      if (c == NEVER + 1) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 2]).reinterpretAsShorts();
      s20 = w0.mul(v).add(s20);
      s21 = w1.mul(v).add(s21);
      if (c == NEVER + 2) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 3]).reinterpretAsShorts();
      s30 = w0.mul(v).add(s30);
      s31 = w1.mul(v).add(s31);
      if (c == NEVER + 3) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 4]).reinterpretAsShorts();
      s40 = w0.mul(v).add(s40);
      s41 = w1.mul(v).add(s41);
      if (c == NEVER + 4) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 5]).reinterpretAsShorts();
      s50 = w0.mul(v).add(s50);
      s51 = w1.mul(v).add(s51);
      w0 = IntVector.fromArray(INTS, w, wAt + 2 * LANES).reinterpretAsShorts();
      w1 = IntVector.fromArray(INTS, w, wAt + 3 * LANES).reinterpretAsShorts();
      if (c == NEVER + 5) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 6]).reinterpretAsShorts();
      s00 = w0.mul(v).add(s00);
      s01 = w1.mul(v).add(s01);
      if (c == NEVER + 6) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 7]).reinterpretAsShorts();
      s10 = w0.mul(v).add(s10);
      s11 = w1.mul(v).add(s11);
      if (c == NEVER + 7) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 8]).reinterpretAsShorts();
      s20 = w0.mul(v).add(s20);
      s21 = w1.mul(v).add(s21);
      if (c == NEVER + 8) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 9]).reinterpretAsShorts();
      s30 = w0.mul(v).add(s30);
      s31 = w1.mul(v).add(s31);
      if (c == NEVER + 9) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 10]).reinterpretAsShorts();
      s40 = w0.mul(v).add(s40);
      s41 = w1.mul(v).add(s41);
      if (c == NEVER + 10) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xAt + 11]).reinterpretAsShorts();
      s50 = w0.mul(v).add(s50);
      s51 = w1.mul(v).add(s51);
      wAt += 4 * LANES;
      xAt += 2 * TILE;
    }
    s00.reinterpretAsInts().intoArray(sums, at);
    s01.reinterpretAsInts().intoArray(sums, at + LANES);
    s10.reinterpretAsInts().intoArray(sums, at + 2 * LANES);
    s11.reinterpretAsInts().intoArray(sums, at + 3 * LANES);
    s20.reinterpretAsInts().intoArray(sums, at + 4 * LANES);
    s21.reinterpretAsInts().intoArray(sums, at + 5 * LANES);
    s30.reinterpretAsInts().intoArray(sums, at + 6 * LANES);
    s31.reinterpretAsInts().intoArray(sums, at + 7 * LANES);
    s40.reinterpretAsInts().intoArray(sums, at + 8 * LANES);
    s41.reinterpretAsInts().intoArray(sums, at + 9 * LANES);
    s50.reinterpretAsInts().intoArray(sums, at + 10 * LANES);
    s51.reinterpretAsInts().intoArray(sums, at + 11 * LANES);
  }

  /** Adds the blocks of one token to its sums, each times the scales of rows and token. */
  private static void scale(
      int[] work,
      int at,
      int blocks,
      float[] rowScales,
      float[] scales,
      int scaleAt,
      float[] sums,
      int to) {
    FloatVector low0 = Lanes.load(sums, to), high0 = Lanes.load(sums, to + LANES);
    FloatVector low1 = Lanes.load(sums, to + 2 * LANES), high1 = Lanes.load(sums, to + 3 * LANES);
    for (int b = 0; b < blocks; b++) {
      FloatVector scale = FloatVector.broadcast(FLOATS, scales[scaleAt + b * TILE]);
      IntVector v = IntVector.fromArray(INTS, work, at + b * WORK);
      low0 = low(v).mul(scale).fma(Lanes.load(rowScales, b * ROWS), low0);
      high0 = high(v).mul(scale).fma(Lanes.load(rowScales, b * ROWS + LANES), high0);
      v = IntVector.fromArray(INTS, work, at + b * WORK + LANES);
      low1 = low(v).mul(scale).fma(Lanes.load(rowScales, b * ROWS + 2 * LANES), low1);
      high1 = high(v).mul(scale).fma(Lanes.load(rowScales, b * ROWS + 3 * LANES), high1);
    }
    low0.intoArray(sums, to);
    high0.intoArray(sums, to + LANES);
    low1.intoArray(sums, to + 2 * LANES);
    high1.intoArray(sums, to + 3 * LANES);
  }

  /** The low halves, {@code 2^16} times as large. */
  private static FloatVector low(IntVector v) {
    return (FloatVector) v.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0);
  }

  /** The high halves, {@code 2^16} times as large. */
  private static FloatVector high(IntVector v) {
    return (FloatVector) v.and(0xffff0000).convert(VectorOperators.I2F, 0);
  }
}
