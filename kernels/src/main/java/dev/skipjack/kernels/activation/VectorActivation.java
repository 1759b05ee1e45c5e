package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.SPECIES;

import java.util.Objects;
import java.util.OptionalDouble;

/** An elementwise activation, one vector at a time. */
record VectorActivation(
    String name, Formula formula, VectorFormula overVectors, VectorLoops.Body loop)
    implements Activation {
  static VectorActivation of(String name, Formula formula) {
    VectorFormula overVectors = formula.overVectors();
    return new VectorActivation(name, formula, overVectors, VectorLoops.loopFor(overVectors));
  }

  @Override
  public void apply(float[] x, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, x.length);
    if (length < SPECIES.length()) {
      loop.applySingly(overVectors, x, offset, length);
    } else {
      loop.applyVectors(overVectors, x, offset, length);
    }
  }

  @Override
  public OptionalDouble flatBelow() {
    return formula.flatBelow();
  }

  @Override
  public float flatValue() {
    return formula.flatValue();
  }
}
