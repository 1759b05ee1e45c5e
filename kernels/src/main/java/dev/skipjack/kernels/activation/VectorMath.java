package dev.skipjack.kernels.activation;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions that several formulas share, over vectors. NaN gives NaN. The polynomials are our own
 * fits in Chebyshev nodes; the error of each is far below the rounding of float.
 */
final class VectorMath {
  /** Preferred width, or {@code skipjack.vector.bits}: 128, 256 or 512. */
  static final VectorSpecies<Float> SPECIES = species();

  /** Adding it rounds a float of moderate size to an integer, kept in the lowest bits. */
  private static final float ROUND = 0x1.8p23f;

  private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);
  private static final float LOG2_E = 1.4426950408889634f;

  /** ln 2 in two parts, the first with so few bits that its product with an exponent is exact. */
  private static final float LN2_HIGH = 0x1.62ep-1f;

  private static final float LN2_LOW = (float) (0.6931471805599453 - LN2_HIGH);

  /** Below, e^x rounds to 0; above the upper bound it is infinite. */
  private static final float EXP_MIN = -104;

  private static final float EXP_MAX = 89;

  private VectorMath() {}

  private static VectorSpecies<Float> species() {
    Integer bits = Integer.getInteger("skipjack.vector.bits");
    return bits == null
        ? FloatVector.SPECIES_PREFERRED
        : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }

  static FloatVector splat(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /** {@code e^x} over the whole range of float. */
  static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(EXP_MIN).min(EXP_MAX);
    FloatVector shifted = clamped.fma(LOG2_E, ROUND);
    FloatVector r = reduce(clamped, shifted.sub(ROUND));
    IntVector n = shifted.reinterpretAsInts().sub(ROUND_BITS);
    IntVector half = n.lanewise(VectorOperators.ASHR, 1);
    // In two steps, since 2^n alone leaves the range before e^x does.
    return expm1Reduced(r).add(1f).mul(power2(half)).mul(power2(n.sub(half)));
  }

  /** {@code e^x - 1} for {@code x <= 0}, accurate near 0. */
  static FloatVector expm1OfNegative(FloatVector x) {
    // From here on 2^n vanishes beside 1, and is still a normal number.
    FloatVector clamped = x.max(-80f);
    FloatVector shifted = clamped.fma(LOG2_E, ROUND);
    FloatVector r = reduce(clamped, shifted.sub(ROUND));
    FloatVector scale = power2(shifted.reinterpretAsInts().sub(ROUND_BITS));
    return expm1Reduced(r).fma(scale, scale.sub(1f));
  }

  /** {@code x - n ln 2}, in {@code [-ln 2 / 2, ln 2 / 2]}. */
  private static FloatVector reduce(FloatVector x, FloatVector n) {
    return n.fma(splat(-LN2_LOW), n.fma(splat(-LN2_HIGH), x));
  }

  private static FloatVector expm1Reduced(FloatVector r) {
    FloatVector q = splat(0.0013926376f).fma(r, splat(0.00836333308f));
    q = q.fma(r, splat(0.0416665535f)).fma(r, splat(0.166665761f)).fma(r, splat(0.5f));
    return q.fma(r.mul(r), r);
  }

  private static FloatVector power2(IntVector n) {
    return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  /** {@code 1 / (1 + exp(-x))}. */
  static FloatVector sigmoid(FloatVector x) {
    return splat(1).div(exp(x.neg()).add(1f));
  }

  /**
   * {@code ln(1 + y)} for {@code y} in {@code [0, 1]}, by {@code 2 atanh(s)}, {@code s = y / (2 +
   * y)}.
   */
  static FloatVector log1p(FloatVector y) {
    FloatVector s = y.div(y.add(2f));
    FloatVector v = s.mul(s);
    FloatVector p = splat(0.281577784f).fma(v, splat(0.279651577f));
    p = p.fma(v, splat(0.400245952f)).fma(v, splat(0.666663216f)).fma(v, splat(2.00000001f));
    return s.mul(p);
  }

  /**
   * The normal distribution's cumulative probability; the form is that of {@link
   * ScalarMath#normalCdf}.
   */
  static FloatVector normalCdf(FloatVector x) {
    FloatVector t = splat(1).div(x.abs().fma(0.25f, 1f));
    FloatVector p = splat(0.0208148884f).fma(t, splat(-0.0853892299f));
    p = p.fma(t, splat(0.103798858f)).fma(t, splat(-0.0397468634f)).fma(t, splat(0.0682739957f));
    p = p.fma(t, splat(0.0574462582f)).fma(t, splat(0.0818896318f)).fma(t, splat(0.0934395147f));
    p = p.fma(t, splat(0.0997373968f)).fma(t, splat(0.099735561f)).mul(t);
    FloatVector tail = exp(x.mul(x).mul(-0.5f)).mul(p);
    return fromTail(x, tail);
  }

  /** {@code atan(x) / pi + 1 / 2}, accurate in the lower tail too. */
  static FloatVector cauchyCdf(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector inverse = splat(1).div(a);
    FloatVector s = a.min(inverse);
    FloatVector v = s.mul(s);
    FloatVector p = splat(0.000880535387f).fma(v, splat(-0.00500741212f));
    p = p.fma(v, splat(0.0134128222f)).fma(v, splat(-0.0237359061f)).fma(v, splat(0.0337993235f));
    p = p.fma(v, splat(-0.045192994f)).fma(v, splat(0.0636361051f));
    FloatVector angle = p.fma(v, splat(-0.106102351f)).fma(v, splat(0.31830988f)).mul(s);
    FloatVector tail = angle.blend(angle.neg().add(0.5f), a.lt(1f));
    return fromTail(x, tail);
  }

  /** A symmetric distribution's probability at {@code x} from its tail beyond {@code |x|}. */
  private static FloatVector fromTail(FloatVector x, FloatVector tail) {
    VectorMask<Float> lower = x.lt(0f);
    return tail.neg().add(1f).blend(tail, lower);
  }

  /** {@code s x}, and 0 where the gate {@code s} is 0 even if {@code x} is infinite. */
  static FloatVector gate(FloatVector s, FloatVector x) {
    return s.mul(x).blend(0f, s.eq(0f));
  }
}
