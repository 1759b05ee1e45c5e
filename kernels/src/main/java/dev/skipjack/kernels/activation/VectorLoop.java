package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.SPECIES;
import static dev.skipjack.kernels.math.VectorMath.splat;

import jdk.incubator.vector.FloatVector;

/**
 * The loops of every elementwise vector activation. Never used itself: {@link VectorLoops} gives
 * each formula a copy of this class of its own. Each loop calls the formula in one place only: a
 * second one would exceed what the compiler inlines.
 */
final class VectorLoop implements VectorLoops.Body {
  /**
   * The last vector ends where the range ends and overlaps the one before it. It gets its inputs
   * back first, so that both write the same values there and no scalar tail rounds differently.
   */
  @Override
  public void applyVectors(VectorFormula formula, float[] x, int offset, int length) {
    int lanes = SPECIES.length();
    int last = offset + length - lanes;
    FloatVector inputs = FloatVector.fromArray(SPECIES, x, last);
    for (int i = offset; i < offset + length; i += lanes) {
      int start = Math.min(i, last);
      if (start < i) {
        inputs.intoArray(x, start);
      }
      formula.at(FloatVector.fromArray(SPECIES, x, start)).intoArray(x, start);
    }
  }

  /** Each value takes a vector, which rounds it like any other and needs no mask. */
  @Override
  public void applySingly(VectorFormula formula, float[] x, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      x[i] = formula.at(splat(x[i])).lane(0);
    }
  }
}
