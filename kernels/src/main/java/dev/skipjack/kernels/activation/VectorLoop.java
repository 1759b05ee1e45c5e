package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The loop of every elementwise vector activation. Never used itself: {@link VectorLoops} gives
 * each formula a copy of this class of its own.
 */
final class VectorLoop implements VectorLoops.Body {
  /**
   * The last vector ends where the range ends and overlaps the one before it. It gets its inputs
   * back first, so that both write the same values there and no scalar tail rounds differently. The
   * formula is called in one place only: a second one would exceed what the compiler inlines.
   */
  @Override
  public void apply(VectorFormula formula, float[] x, int offset, int length) {
    int lanes = SPECIES.length();
    int last = offset + length - lanes;
    if (last < offset) {
      applyShort(formula, x, offset, length);
      return;
    }
    FloatVector inputs = FloatVector.fromArray(SPECIES, x, last);
    for (int i = offset; i < offset + length; i += lanes) {
      int start = Math.min(i, last);
      if (start < i) {
        inputs.intoArray(x, start);
      }
      formula.at(FloatVector.fromArray(SPECIES, x, start)).intoArray(x, start);
    }
  }

  private static void applyShort(VectorFormula formula, float[] x, int offset, int length) {
    VectorMask<Float> inRange = SPECIES.indexInRange(0, length);
    FloatVector values = FloatVector.fromArray(SPECIES, x, offset, inRange);
    formula.at(values).intoArray(x, offset, inRange);
  }
}
