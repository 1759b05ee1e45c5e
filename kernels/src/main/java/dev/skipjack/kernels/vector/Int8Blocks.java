package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.Activations.BLOCK;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.scalar.Int8Quantizer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Quantises {@link Activations} to int8 blocks, to the bit like {@link Int8Quantizer}. */
final class Int8Blocks {
  private static final int LARGEST = 127;

  /** All bits of a float but the sign. */
  private static final int MAGNITUDE = 0x7fffffff;

  private Int8Blocks() {}

  /** Blocks {@code [from, to)} of a token. */
  static void quantize(Activations activations, int token, int from, int to) {
    int whole = Math.min(to, activations.cols() / BLOCK);
    int index = token * activations.blocks();
    int at = token * activations.cols();
    for (int block = from; block < whole; block++) {
      float scale = largest(activations.values(), at + block * BLOCK) / LARGEST;
      activations.scales()[index + block] = scale;
      activations.sums()[index + block] =
          quantize(
              activations.values(),
              at + block * BLOCK,
              scale,
              activations.quants(),
              (index + block) * BLOCK);
    }
    if (whole < to) {
      Int8Quantizer.quantize(activations, token, whole);
    }
  }

  /** Magnitudes compare as integers do, in one instruction where floats take six. */
  private static float largest(float[] x, int at) {
    IntVector largest = IntVector.zero(INTS);
    for (int j = 0; j < BLOCK; j += LANES) {
      largest = largest.max(Lanes.load(x, at + j).reinterpretAsInts().and(MAGNITUDE));
    }
    return Float.intBitsToFloat(largest.reduceLanes(VectorOperators.MAX));
  }

  private static short quantize(float[] x, int at, float scale, short[] quants, int to) {
    if (scale == 0) {
      Arrays.fill(quants, to, to + BLOCK, (short) 0);
      return 0;
    }
    IntVector sum = IntVector.zero(INTS);
    for (int j = 0; j < BLOCK; j += LANES) {
      IntVector rounded = round(Lanes.load(x, at + j).div(scale));
      ((ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0))
          .intoArray(quants, to + j);
      sum = sum.add(rounded);
    }
    return (short) sum.reduceLanes(VectorOperators.ADD);
  }

  /** To the nearest integer, ties away from zero, clamped; NaN is 0. */
  private static IntVector round(FloatVector steps) {
    IntVector whole = (IntVector) steps.convert(VectorOperators.F2I, 0);
    FloatVector rest = steps.sub((FloatVector) whole.convert(VectorOperators.I2F, 0));
    VectorMask<Integer> up = rest.compare(VectorOperators.GE, 0.5f).cast(INTS);
    VectorMask<Integer> down = rest.compare(VectorOperators.LE, -0.5f).cast(INTS);
    return whole.add(1, up).sub(1, down).max(-LARGEST).min(LARGEST);
  }
}
