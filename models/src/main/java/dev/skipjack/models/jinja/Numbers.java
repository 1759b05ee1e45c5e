package dev.skipjack.models.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/** Numbers as Python sees them: truth values count as integers, floats print shortest. */
final class Numbers {
  private static final BigInteger MAX_INT = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger MIN_INT = BigInteger.valueOf(Integer.MIN_VALUE);
  private static final int MIN_PLAIN_EXPONENT = -4;
  private static final int MAX_PLAIN_EXPONENT = 15;

  private Numbers() {}

  /** The value as an integer when its type is integral. */
  static Optional<BigInteger> integer(Value value) {
    return switch (value) {
      case Value.Int number -> Optional.of(number.value());
      case Value.Bool bool -> Optional.of(bool.isTrue() ? BigInteger.ONE : BigInteger.ZERO);
      default -> Optional.empty();
    };
  }

  /** The value as a floating point number when its type is numeric. */
  static Optional<Double> real(Value value) {
    return value instanceof Value.Real real
        ? Optional.of(real.value())
        : integer(value).map(BigInteger::doubleValue);
  }

  static boolean isNumber(Value value) {
    return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
  }

  /** The nearest int: positions beyond the int range are beyond any string or list. */
  static int clamp(BigInteger value) {
    return value.min(MAX_INT).max(MIN_INT).intValue();
  }

  /** Drops the fraction. */
  static Value.Int truncate(double value) {
    if (!Double.isFinite(value)) {
      throw new TemplateException("cannot convert float " + print(value) + " to integer");
    }
    return new Value.Int(new BigDecimal(value).toBigInteger());
  }

  /** The shortest decimal that reads back as the same number, in Python's notation. */
  static String print(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    String sign = value < 0 || 1 / value < 0 ? "-" : "";
    if (Double.isInfinite(value)) {
      return sign + "inf";
    }
    if (value == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    if (exponent >= MIN_PLAIN_EXPONENT && exponent <= MAX_PLAIN_EXPONENT) {
      String plain = shortest.toPlainString();
      return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
    }
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%s%c%se%s%02d"
        .formatted(sign, digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
