package dev.skipjack.kernels.activation;

import dev.skipjack.kernels.isolation.Boundary;
import java.lang.invoke.MethodHandle;
import java.util.OptionalDouble;

/** An activation behind a {@link Boundary}. */
final class IsolatedActivation implements Activation {
  private final Activation activation;
  private final MethodHandle apply = Boundary.to(Activation.class, "apply");

  IsolatedActivation(Activation activation) {
    this.activation = activation;
  }

  @Override
  public String name() {
    return activation.name();
  }

  @Override
  public void apply(float[] x, int offset, int length) {
    try {
      apply.invokeExact(activation, x, offset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public boolean elementwise() {
    return activation.elementwise();
  }

  @Override
  public OptionalDouble flatBelow() {
    return activation.flatBelow();
  }

  @Override
  public float flatValue() {
    return activation.flatValue();
  }

  @Override
  public String toString() {
    return activation.toString();
  }
}
