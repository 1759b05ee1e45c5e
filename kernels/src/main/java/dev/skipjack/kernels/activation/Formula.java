package dev.skipjack.kernels.activation;

import java.util.OptionalDouble;

/**
 * An elementwise activation with its parameters fixed. To add one: a record that implements this,
 * with its formula over vectors beside it, and a line in {@link ActivationRegistry}.
 */
interface Formula extends Definition {
  /** The activation of one value; computed in double, so within half a unit in the last place. */
  float at(float x);

  /** The same formula over vectors. */
  VectorFormula overVectors();

  /** See {@link Activation#flatBelow()}. */
  default OptionalDouble flatBelow() {
    return OptionalDouble.empty();
  }

  /** See {@link Activation#flatValue()}. */
  default float flatValue() {
    return 0;
  }

  @Override
  default Activation scalar(String name) {
    return new ScalarActivation(name, this);
  }

  @Override
  default Activation vector(String name) {
    return VectorActivation.of(name, this);
  }
}
