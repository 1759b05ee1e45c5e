package dev.skipjack.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Elementary functions from basic operations only: {@code lanewise(EXP)} is as fast as the
 * platform's vector math library where there is one, and a scalar call per lane elsewhere.
 *
 * <p>Exponentials split {@code x = n ln 2 + r} with {@code |r| <= ln 2 / 2}; {@code (e^r - 1 - r) /
 * r^2} is a polynomial of degree 5 whose coefficients minimise the largest relative error of {@code
 * e^r} (Remez exchange), 5.9e-9.
 */
final class VectorMath {
  private static final float LOG2_E = 1.44269504f;

  /** {@code ln 2} in two parts; products of the first with small integers are exact. */
  private static final float LN_2_HIGH = 0.693359375f;

  private static final float LN_2_LOW = -2.12194440e-4f;

  /** Adding {@code 1.5 2^23} leaves a small number rounded to an integer in the low bits. */
  private static final float ROUND = 0x1.8p23f;

  private static final int MANTISSA_BITS = 23;
  private static final int ONE = Float.floatToRawIntBits(1);

  private static final float P0 = 0.5f;
  private static final float P1 = 0.166666666604f;
  private static final float P2 = 0.0416666660449f;
  private static final float P3 = 0.00833347688814f;
  private static final float P4 = 0.00138955032486f;
  private static final float P5 = 0.000190817367354f;

  /** Above, {@code e^x} is infinite; below, subnormal, and given as 0. */
  private static final float EXP_MAX = 88.72283f;

  private static final float EXP_MIN = -87.33654f;

  /** From here on, tanh is 1 in float. */
  private static final float TANH_MAX = 9.1f;

  private VectorMath() {}

  /** {@code e^x}, within 1.5 units in the last place; 0 where that is subnormal. */
  static FloatVector exp(FloatVector x) {
    FloatVector rounded = rounded(x);
    FloatVector reduced = reduced(x, rounded);
    IntVector bits = expm1Reduced(reduced).add(1).reinterpretAsInts();
    return bits.add(exponent(rounded))
        .reinterpretAsFloats()
        .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, EXP_MAX))
        .blend(0, x.compare(VectorOperators.LT, EXP_MIN));
  }

  /** {@code tanh x = (e^2x - 1) / (e^2x + 1)}, accurate near zero too. */
  static FloatVector tanh(FloatVector x) {
    FloatVector doubled = x.max(-TANH_MAX).min(TANH_MAX).mul(2);
    FloatVector rounded = rounded(doubled);
    FloatVector reduced = reduced(doubled, rounded);
    FloatVector power = exponent(rounded).add(ONE).reinterpretAsFloats();
    FloatVector expm1 = expm1Reduced(reduced).fma(power, power.sub(1));
    return expm1.div(expm1.add(2));
  }

  /** {@code n + ROUND}, n the integer nearest to {@code x / ln 2}. */
  private static FloatVector rounded(FloatVector x) {
    return x.fma(Lanes.broadcast(LOG2_E), Lanes.broadcast(ROUND));
  }

  private static FloatVector reduced(FloatVector x, FloatVector rounded) {
    FloatVector n = rounded.sub(ROUND);
    return n.fma(Lanes.broadcast(-LN_2_LOW), n.fma(Lanes.broadcast(-LN_2_HIGH), x));
  }

  /** {@code n << 23}, to add to the exponent of a float. */
  private static IntVector exponent(FloatVector rounded) {
    return rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
  }

  private static FloatVector expm1Reduced(FloatVector r) {
    FloatVector p = r.fma(Lanes.broadcast(P5), Lanes.broadcast(P4));
    p = p.fma(r, Lanes.broadcast(P3));
    p = p.fma(r, Lanes.broadcast(P2));
    p = p.fma(r, Lanes.broadcast(P1));
    p = p.fma(r, Lanes.broadcast(P0));
    return p.fma(r.mul(r), r);
  }
}
