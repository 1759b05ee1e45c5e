package dev.skipjack.kernels.activation;

import java.util.Locale;

/** Compares an activation with its formula over the whole range of float, densely around zero. */
final class ActivationAccuracy {
  private static final float[] SPECIAL = {
    0f,
    Float.MIN_VALUE,
    1e-42f,
    Float.MIN_NORMAL,
    1e-30f,
    1e-10f,
    1e-7f,
    1e-6f,
    1e-3f,
    2.9999998f,
    3f,
    3.0000002f,
    31.5f,
    50f,
    87.5f,
    88.8f,
    100f,
    103.9f,
    104.1f,
    128f,
    500f,
    1e3f,
    4097f,
    1e5f,
    1e6f,
    1e9f,
    3e13f,
    1e19f,
    1e25f,
    1e32f,
    1e38f
  };

  private ActivationAccuracy() {}

  /** {@code [-30, 30]} in steps, then the special values with either sign. */
  static float[] inputs(int stepsPerUnit) {
    int grid = 60 * stepsPerUnit + 1;
    float[] x = new float[grid + 2 * SPECIAL.length];
    for (int i = 0; i < grid; i++) {
      x[i] = -30 + (float) i / stepsPerUnit;
    }
    for (int i = 0; i < SPECIAL.length; i++) {
      x[grid + 2 * i] = SPECIAL[i];
      x[grid + 2 * i + 1] = -SPECIAL[i];
    }
    return x;
  }

  /** The worst error as a fraction of the tolerance, and where it is. */
  record Worst(double ratio, float x, float found, double exact) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%.3f of the tolerance at x = %s: %s, exact %s", ratio, x, found, exact);
    }
  }

  static Worst worst(ActivationCase expected, Activation activation, float[] inputs) {
    float[] y = inputs.clone();
    activation.apply(y, 0, y.length);
    Worst worst = new Worst(0, 0, 0, 0);
    for (int i = 0; i < y.length; i++) {
      if (Math.abs(inputs[i]) > expected.limit()) {
        continue;
      }
      double exact = expected.exact().applyAsDouble(inputs[i]);
      double ratio = error(y[i], exact) / expected.tolerance(inputs[i]);
      if (!(ratio <= worst.ratio)) {
        worst = new Worst(ratio, inputs[i], y[i], exact);
      }
    }
    return worst;
  }

  private static double error(float found, double exact) {
    boolean bothOverflow = Float.isInfinite(found) && found == (float) exact;
    return bothOverflow ? 0 : Math.abs(found - exact);
  }
}
