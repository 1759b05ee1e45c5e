package dev.skipjack.kernels.activation;

import dev.skipjack.kernels.isolation.Boundary;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** The loops of one formula, each behind a {@link Boundary}. */
final class IsolatedLoop implements VectorLoops.Body {
  private final VectorLoops.Body loop;
  private final MethodHandle applyVectors = boundary("applyVectors");
  private final MethodHandle applySingly = boundary("applySingly");

  IsolatedLoop(VectorLoops.Body loop) {
    this.loop = loop;
  }

  @Override
  public void applyVectors(VectorFormula formula, float[] x, int offset, int length) {
    try {
      applyVectors.invokeExact(loop, formula, x, offset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void applySingly(VectorFormula formula, float[] x, int offset, int length) {
    try {
      applySingly.invokeExact(loop, formula, x, offset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  private static MethodHandle boundary(String name) {
    return Boundary.to(MethodHandles.lookup(), VectorLoops.Body.class, name);
  }
}
