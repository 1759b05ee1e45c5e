package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.Activations.BLOCK;
import static dev.skipjack.kernels.vector.PanelIndexes.COUNT;
import static dev.skipjack.kernels.vector.PanelIndexes.INDEX;
import static dev.skipjack.kernels.vector.PanelIndexes.NEVER;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;

import dev.skipjack.kernels.TokenTiles;
import dev.skipjack.kernels.support.BlockPanel;
import dev.skipjack.kernels.support.BlockPanelKernel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Register tiles of two vectors of 16-bit rows by six tokens. A multiplication and an addition do
 * twice as many rows as a fused multiply-add of floats, and processors do as many of the pair: Zen
 * 3 and Zen 5 two in a cycle. In each 32-bit lane of vector v of a panel, the low half belongs to
 * row {@code 2 v LANES + lane} and the high half to {@code LANES} rows further on.
 */
final class VectorBlockPanels implements BlockPanelKernel {
  private static final int VECTORS = 2;

  /** Ints of a column of a panel. */
  static final int COLUMN = VECTORS * LANES;

  /** Rows of a panel. */
  static final int ROWS = 2 * COLUMN;

  private static final int TILE = TokenTiles.TOKENS;
  private static final int WORK = TILE * COLUMN;

  /**
   * Halves are read {@code 2^16} times as large: the high one in its place, the low one shifted.
   */
  private static final int HIGH = 0xffff0000;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public void spread(short[] q, int from, int stride, int tokens, int cols, int[] out, int to) {
    if (LANES >= 8) {
      TokenTurns.spread(q, from, stride, tokens, cols, out, to);
    } else {
      TokenTiles.spread(q, from, stride, tokens, cols, out, to);
    }
  }

  @Override
  public void multiply(
      BlockPanel panel, int blocks, TokenTiles inputs, int first, int tiles, float[] sums, int at) {
    int[] weights = panel.weights();
    int[] work = panel.work();
    int weightsAt = panel.weightsAt();
    int workAt = panel.workAt();
    float[] scales = panel.scales();
    int scalesAt = panel.scalesAt();
    for (int i = 0; i < tiles; i++) {
      int block = first + i * TokenTiles.BLOCKS;
      for (int b = 0; b < blocks; b++) {
        int xAt = (block + b) * TILE * BLOCK;
        int wAt = weightsAt + b * BLOCK * COLUMN;
        twoBySix(weights, wAt, inputs.quants(), xAt, work, workAt + b * WORK, BLOCK);
      }
      for (int t = 0; t < TILE; t += 2) {
        int to = at + (i * TILE + t) * ROWS;
        int scaleAt = block * TILE + t;
        scale(
            work,
            workAt + t * COLUMN,
            blocks,
            scales,
            scalesAt,
            inputs.scales(),
            scaleAt,
            sums,
            to);
      }
    }
  }

  /**
   * Leaves the sums of one block in a workspace {@code [TILE x COLUMN]}. The branches are never
   * taken: C2 moves loads to the front of a block of code, and inputs of several tokens would not
   * leave enough registers for the sums. Without helpers, since C2 inlines no more of them here.
   */
  private static void twoBySix(int[] w, int wAt, int[] x, int xAt, int[] sums, int at, int cols) {
    int wFrom = wAt & INDEX;
    int xFrom = xAt & INDEX;
    int to = at & INDEX;
    int end = cols & COUNT;
    ShortVector zero = ShortVector.zero(SHORT_PAIRS);
    ShortVector s00 = zero, s01 = zero, s10 = zero, s11 = zero;
    ShortVector s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    ShortVector s40 = zero, s41 = zero, s50 = zero, s51 = zero;
    for (int c = 0; c < end; c += 2) {
      int wc = wFrom + c * COLUMN;
      int xc = xFrom + c * TILE;
      ShortVector w0 = IntVector.fromArray(INTS, w, wc).reinterpretAsShorts();
      ShortVector w1 = IntVector.fromArray(INTS, w, wc + LANES).reinterpretAsShorts();
      ShortVector v = IntVector.broadcast(INTS, x[xc]).reinterpretAsShorts();
      s00 = w0.mul(v).add(s00);
      s01 = w1.mul(v).add(s01);
      if (c == NEVER) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 1]).reinterpretAsShorts();
      s10 = w0.mul(v).add(s10);
      s11 = w1.mul(v).add(s11);
      if (c == NEVER + 1) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 2]).reinterpretAsShorts();
      s20 = w0.mul(v).add(s20);
      s21 = w1.mul(v).add(s21);
      if (c == NEVER + 2) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 3]).reinterpretAsShorts();
      s30 = w0.mul(v).add(s30);
      s31 = w1.mul(v).add(s31);
      if (c == NEVER + 3) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 4]).reinterpretAsShorts();
      s40 = w0.mul(v).add(s40);
      s41 = w1.mul(v).add(s41);
      if (c == NEVER + 4) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 5]).reinterpretAsShorts();
      s50 = w0.mul(v).add(s50);
      s51 = w1.mul(v).add(s51);
      w0 = IntVector.fromArray(INTS, w, wc + 2 * LANES).reinterpretAsShorts();
      w1 = IntVector.fromArray(INTS, w, wc + 3 * LANES).reinterpretAsShorts();
      if (c == NEVER + 5) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 6]).reinterpretAsShorts();
      s00 = w0.mul(v).add(s00);
      s01 = w1.mul(v).add(s01);
      if (c == NEVER + 6) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 7]).reinterpretAsShorts();
      s10 = w0.mul(v).add(s10);
      s11 = w1.mul(v).add(s11);
      if (c == NEVER + 7) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 8]).reinterpretAsShorts();
      s20 = w0.mul(v).add(s20);
      s21 = w1.mul(v).add(s21);
      if (c == NEVER + 8) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 9]).reinterpretAsShorts();
      s30 = w0.mul(v).add(s30);
      s31 = w1.mul(v).add(s31);
      if (c == NEVER + 9) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 10]).reinterpretAsShorts();
      s40 = w0.mul(v).add(s40);
      s41 = w1.mul(v).add(s41);
      if (c == NEVER + 10) {
        break;
      }
      v = IntVector.broadcast(INTS, x[xc + 11]).reinterpretAsShorts();
      s50 = w0.mul(v).add(s50);
      s51 = w1.mul(v).add(s51);
    }
    s00.reinterpretAsInts().intoArray(sums, to);
    s01.reinterpretAsInts().intoArray(sums, to + LANES);
    s10.reinterpretAsInts().intoArray(sums, to + 2 * LANES);
    s11.reinterpretAsInts().intoArray(sums, to + 3 * LANES);
    s20.reinterpretAsInts().intoArray(sums, to + 4 * LANES);
    s21.reinterpretAsInts().intoArray(sums, to + 5 * LANES);
    s30.reinterpretAsInts().intoArray(sums, to + 6 * LANES);
    s31.reinterpretAsInts().intoArray(sums, to + 7 * LANES);
    s40.reinterpretAsInts().intoArray(sums, to + 8 * LANES);
    s41.reinterpretAsInts().intoArray(sums, to + 9 * LANES);
    s50.reinterpretAsInts().intoArray(sums, to + 10 * LANES);
    s51.reinterpretAsInts().intoArray(sums, to + 11 * LANES);
  }

  /** Adds the blocks of two tokens to their sums, each times the scales of rows and token. */
  private static void scale(
      int[] work,
      int at,
      int blocks,
      float[] rowScales,
      int rowScalesAt,
      float[] scales,
      int scaleAt,
      float[] sums,
      int to) {
    int workAt = at & INDEX;
    int inputAt = scaleAt & INDEX;
    int rowScaleAt = rowScalesAt & INDEX;
    int sumsAt = to & INDEX;
    int end = blocks & COUNT;
    FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt);
    FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sumsAt + LANES);
    FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * LANES);
    FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * LANES);
    FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 4 * LANES);
    FloatVector b1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 5 * LANES);
    FloatVector b2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 6 * LANES);
    FloatVector b3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 7 * LANES);
    for (int block = 0; block < end; block++) {
      int inputs = inputAt + block * TILE;
      int rows = rowScaleAt + block * ROWS;
      int words = workAt + block * WORK;
      FloatVector inputA = FloatVector.broadcast(FLOATS, scales[inputs]);
      FloatVector inputB = FloatVector.broadcast(FLOATS, scales[inputs + 1]);
      IntVector a = IntVector.fromArray(INTS, work, words);
      IntVector b = IntVector.fromArray(INTS, work, words + COLUMN);
      FloatVector scale = FloatVector.fromArray(FLOATS, rowScales, rows);
      a0 =
          ((FloatVector) a.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0))
              .mul(inputA)
              .fma(scale, a0);
      b0 =
          ((FloatVector) b.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0))
              .mul(inputB)
              .fma(scale, b0);
      scale = FloatVector.fromArray(FLOATS, rowScales, rows + LANES);
      a1 = ((FloatVector) a.and(HIGH).convert(VectorOperators.I2F, 0)).mul(inputA).fma(scale, a1);
      b1 = ((FloatVector) b.and(HIGH).convert(VectorOperators.I2F, 0)).mul(inputB).fma(scale, b1);
      a = IntVector.fromArray(INTS, work, words + LANES);
      b = IntVector.fromArray(INTS, work, words + COLUMN + LANES);
      scale = FloatVector.fromArray(FLOATS, rowScales, rows + 2 * LANES);
      a2 =
          ((FloatVector) a.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0))
              .mul(inputA)
              .fma(scale, a2);
      b2 =
          ((FloatVector) b.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0))
              .mul(inputB)
              .fma(scale, b2);
      scale = FloatVector.fromArray(FLOATS, rowScales, rows + 3 * LANES);
      a3 = ((FloatVector) a.and(HIGH).convert(VectorOperators.I2F, 0)).mul(inputA).fma(scale, a3);
      b3 = ((FloatVector) b.and(HIGH).convert(VectorOperators.I2F, 0)).mul(inputB).fma(scale, b3);
    }
    a0.intoArray(sums, sumsAt);
    a1.intoArray(sums, sumsAt + LANES);
    a2.intoArray(sums, sumsAt + 2 * LANES);
    a3.intoArray(sums, sumsAt + 3 * LANES);
    b0.intoArray(sums, sumsAt + 4 * LANES);
    b1.intoArray(sums, sumsAt + 5 * LANES);
    b2.intoArray(sums, sumsAt + 6 * LANES);
    b3.intoArray(sums, sumsAt + 7 * LANES);
  }
}
