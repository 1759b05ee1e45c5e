package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.activation.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The loop of every elementwise vector activation. Never used itself: {@link VectorLoops} gives
 * each formula a copy of this class of its own.
 */
final class VectorLoop implements VectorLoops.Body {
  /**
   * The last vector ends where the range ends and may overlap the one before it. It is loaded
   * first, so both write the same values there and no scalar tail rounds differently.
   */
  @Override
  public void apply(VectorFormula formula, float[] x, int offset, int length) {
    int last = offset + length - SPECIES.length();
    if (last < offset) {
      applyShort(formula, x, offset, length);
      return;
    }
    FloatVector end = FloatVector.fromArray(SPECIES, x, last);
    for (int i = offset; i < last; i += SPECIES.length()) {
      formula.at(FloatVector.fromArray(SPECIES, x, i)).intoArray(x, i);
    }
    formula.at(end).intoArray(x, last);
  }

  private static void applyShort(VectorFormula formula, float[] x, int offset, int length) {
    VectorMask<Float> inRange = SPECIES.indexInRange(0, length);
    FloatVector values = FloatVector.fromArray(SPECIES, x, offset, inRange);
    formula.at(values).intoArray(x, offset, inRange);
  }
}
