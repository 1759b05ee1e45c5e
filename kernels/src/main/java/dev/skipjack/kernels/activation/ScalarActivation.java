package dev.skipjack.kernels.activation;

import java.util.Objects;
import java.util.OptionalDouble;

/** An elementwise activation, one value at a time: the reference. */
record ScalarActivation(String name, Formula formula) implements Activation {
  @Override
  public void apply(float[] x, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, x.length);
    for (int i = offset; i < offset + length; i++) {
      x[i] = formula.at(x[i]);
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
