package dev.skipjack.kernels.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions over vectors, for activations, softmax and soft caps. NaN gives NaN. The
 * polynomials are our own fits in Chebyshev nodes; the error of each is below the rounding of
 * float.
 *
 * <p>Coefficients are constants rather than broadcast where they are used, and the functions call
 * little: there is a limit to what the compiler inlines, and what it does not inline boxes its
 * vectors.
 */
public final class VectorMath {
  /** Preferred width, or {@code skipjack.vector.bits}: 128, 256 or 512. */
  public static final VectorSpecies<Float> SPECIES = species();

  /** Adding it rounds a float of moderate size to an integer, kept in the lowest bits. */
  private static final float ROUND = 0x1.8p23f;

  /** Turns those bits into the exponent of a float, biased by 127. */
  private static final int ROUND_TO_EXPONENT = 127 - Float.floatToRawIntBits(ROUND);

  private static final float LOG2_E = 1.4426950408889634f;

  /** -ln 2 in two parts, the first with so few bits that its product with an exponent is exact. */
  private static final FloatVector MINUS_LN2_HIGH = splat(-0x1.62ep-1f);

  private static final FloatVector MINUS_LN2_LOW = splat((float) (0x1.62ep-1 - 0.6931471805599453));

  /** Where {@code 2^n} becomes 0 and infinite. */
  private static final FloatVector EXP_MIN = splat(-88);

  private static final FloatVector EXP_MAX = splat(89);

  /** Where {@code e^x - 1} is -1, and {@code 2^n} still a normal number. */
  private static final FloatVector EXPM1_MIN = splat(-80);

  /** {@code e^r = 1 + r + r^2 (E2 + E3 r + ..)} for {@code |r| <= ln 2 / 2}. */
  private static final FloatVector E2 = splat(0.5f);

  private static final FloatVector E3 = splat(0.166665761f);
  private static final FloatVector E4 = splat(0.0416665535f);
  private static final FloatVector E5 = splat(0.00836333308f);
  private static final FloatVector E6 = splat(0.0013926376f);

  /** {@code 2 atanh(s) = s (L0 + L1 s^2 + ..)} for {@code 0 <= s <= 1 / 3}. */
  private static final FloatVector L0 = splat(2);

  private static final FloatVector L1 = splat(0.666663216f);
  private static final FloatVector L2 = splat(0.400245952f);
  private static final FloatVector L3 = splat(0.279651577f);
  private static final FloatVector L4 = splat(0.281577784f);

  /** The table of the scalar formula with fewer terms, fitted to 1e-8. */
  private static final FloatVector N0 = splat(0.099735561f);

  private static final FloatVector N1 = splat(0.0997373968f);
  private static final FloatVector N2 = splat(0.0934395147f);
  private static final FloatVector N3 = splat(0.0818896318f);
  private static final FloatVector N4 = splat(0.0574462582f);
  private static final FloatVector N5 = splat(0.0682739957f);
  private static final FloatVector N6 = splat(-0.0397468634f);
  private static final FloatVector N7 = splat(0.103798858f);
  private static final FloatVector N8 = splat(-0.0853892299f);
  private static final FloatVector N9 = splat(0.0208148884f);

  /** {@code atan(s) / pi = s (A0 + A1 s^2 + ..)} for {@code 0 <= s <= 1}. */
  private static final FloatVector A0 = splat(0.31830988f);

  private static final FloatVector A1 = splat(-0.106102351f);
  private static final FloatVector A2 = splat(0.0636361051f);
  private static final FloatVector A3 = splat(-0.045192994f);
  private static final FloatVector A4 = splat(0.0337993235f);
  private static final FloatVector A5 = splat(-0.0237359061f);
  private static final FloatVector A6 = splat(0.0134128222f);
  private static final FloatVector A7 = splat(-0.00500741212f);
  private static final FloatVector A8 = splat(0.000880535387f);

  private static final FloatVector ONE = splat(1);

  private VectorMath() {}

  private static VectorSpecies<Float> species() {
    Integer bits = Integer.getInteger("skipjack.vector.bits");
    return bits == null
        ? FloatVector.SPECIES_PREFERRED
        : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }

  public static FloatVector splat(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /** {@code e^x}; 0 instead of a subnormal number, and infinite from 88.37 on. */
  public static FloatVector exp(FloatVector x) {
    // A maximum or minimum of floats, which keeps NaN and orders zeros, is six instructions.
    FloatVector raised = x.blend(EXP_MIN, EXP_MIN.compare(VectorOperators.GT, x));
    FloatVector clamped = raised.blend(EXP_MAX, raised.compare(VectorOperators.GT, EXP_MAX));
    FloatVector shifted = clamped.fma(LOG2_E, ROUND);
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, clamped));
    FloatVector p = E6.fma(r, E5).fma(r, E4).fma(r, E3).fma(r, E2).fma(r.mul(r), r).add(ONE);
    IntVector exponent = shifted.reinterpretAsInts().add(ROUND_TO_EXPONENT);
    return p.mul(exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
  }

  /** {@code e^x - 1} for {@code x <= 0}, accurate near 0. */
  public static FloatVector expm1OfNegative(FloatVector x) {
    FloatVector clamped = x.blend(EXPM1_MIN, EXPM1_MIN.compare(VectorOperators.GT, x));
    FloatVector shifted = clamped.fma(LOG2_E, ROUND);
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, clamped));
    FloatVector p = E6.fma(r, E5).fma(r, E4).fma(r, E3).fma(r, E2).fma(r.mul(r), r);
    IntVector exponent = shifted.reinterpretAsInts().add(ROUND_TO_EXPONENT);
    FloatVector scale = exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    return p.fma(scale, scale.sub(ONE));
  }

  /**
   * {@code tanh x = (e^2x - 1) / (e^2x + 1)} of {@code -|x|}, accurate near 0, with the sign of x.
   */
  public static FloatVector tanh(FloatVector x) {
    FloatVector e = expm1OfNegative(x.abs().mul(-2f));
    FloatVector negative = e.div(e.add(L0));
    return negative.neg().blend(negative, x.lt(0f));
  }

  /** {@code 1 / (1 + exp(-x))}. */
  public static FloatVector sigmoid(FloatVector x) {
    return ONE.div(exp(x.neg()).add(ONE));
  }

  /**
   * {@code ln(1 + y)} for {@code y} in {@code [0, 1]}, by {@code 2 atanh(s)}, {@code s = y / (2 +
   * y)}.
   */
  public static FloatVector log1p(FloatVector y) {
    FloatVector s = y.div(y.add(L0));
    FloatVector v = s.mul(s);
    return L4.fma(v, L3).fma(v, L2).fma(v, L1).fma(v, L0).mul(s);
  }

  /** The normal distribution's cumulative probability, in the form of the scalar formula. */
  public static FloatVector normalCdf(FloatVector x) {
    FloatVector e = exp(x.mul(x).mul(-0.5f));
    FloatVector t = ONE.div(x.abs().fma(0.25f, 1f));
    FloatVector p = N9.fma(t, N8).fma(t, N7).fma(t, N6).fma(t, N5);
    p = p.fma(t, N4).fma(t, N3).fma(t, N2).fma(t, N1).fma(t, N0);
    FloatVector tail = p.mul(t).mul(e);
    return ONE.sub(tail).blend(tail, x.lt(0f));
  }

  /** {@code atan(x) / pi + 1 / 2}, accurate in the lower tail too. */
  public static FloatVector cauchyCdf(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector s = a.min(ONE.div(a));
    FloatVector v = s.mul(s);
    FloatVector p = A8.fma(v, A7).fma(v, A6).fma(v, A5).fma(v, A4);
    FloatVector angle = p.fma(v, A3).fma(v, A2).fma(v, A1).fma(v, A0).mul(s);
    FloatVector tail = angle.blend(angle.neg().add(0.5f), a.lt(ONE));
    return ONE.sub(tail).blend(tail, x.lt(0f));
  }

  /** {@code s x}, and 0 where the gate {@code s} is 0 even if {@code x} is infinite. */
  public static FloatVector gate(FloatVector s, FloatVector x) {
    return s.mul(x).blend(0f, s.eq(0f));
  }
}
