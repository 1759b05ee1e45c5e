package dev.skipjack.kernels.scalar;

import dev.skipjack.kernels.Activations;

/** Quantises one block of {@link Activations}. */
public final class Int8Quantizer {
  private static final int LARGEST = 127;

  private Int8Quantizer() {}

  /** Writes scale, quants and sum of one block of one token; the indices must be valid. */
  public static void quantize(Activations activations, int token, int block) {
    int column = block * Activations.BLOCK;
    int from = token * activations.cols() + column;
    int count = Math.min(Activations.BLOCK, activations.cols() - column);
    int index = token * activations.blocks() + block;
    float[] values = activations.values();
    short[] quants = activations.quants();

    float largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    float scale = largest / LARGEST;
    int sum = 0;
    for (int i = 0; i < Activations.BLOCK; i++) {
      int quant = i < count && scale != 0 ? round(values[from + i] / scale) : 0;
      quants[index * Activations.BLOCK + i] = (short) quant;
      sum += quant;
    }
    activations.scales()[index] = scale;
    activations.sums()[index] = (short) sum;
  }

  /**
   * To the nearest integer, ties away from zero; NaN is 0. Clamped, because a subnormal scale is
   * too coarse to keep the quotient within 127.
   */
  private static int round(float steps) {
    int whole = (int) Math.clamp(steps, -LARGEST, LARGEST);
    float rest = steps - whole;
    if (rest >= 0.5f && whole < LARGEST) {
      return whole + 1;
    }
    return rest <= -0.5f && whole > -LARGEST ? whole - 1 : whole;
  }
}
