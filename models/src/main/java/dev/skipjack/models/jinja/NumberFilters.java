package dev.skipjack.models.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Filters that make numbers. */
final class NumberFilters {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:\\d[\\d_]*+(?:\\.\\d*+)?|\\.\\d++)(?:[eE][+-]?\\d{1,9})?");
  private static final Pattern DIGITS = Pattern.compile("[+-]?[0-9a-zA-Z]++(?:_[0-9a-zA-Z]++)*+");
  private static final int MAX_DIGITS = 1000;
  private static final int MAX_PRECISION = 400;

  static final NativeTable TABLE =
      new NativeTable()
          .add("int", NumberFilters::toInteger, "default", "base")
          .add("float", NumberFilters::toReal, "default")
          .add("round", NumberFilters::round, "precision", "method")
          .add("abs", NumberFilters::absolute);

  private NumberFilters() {}

  private static Value toInteger(Value value, Bound arguments, Evaluation evaluation) {
    Comparison.failIfUndefined(value);
    Value absent = arguments.value("default", Value.Int.of(0));
    return switch (value) {
      case Value.Real real when Double.isFinite(real.value()) -> Numbers.truncate(real.value());
      case Text text ->
          parseInteger(text.string(), arguments.integer("base", 10))
              .<Value>map(Value.Int::new)
              .or(() -> parseReal(text.string()).filter(Double::isFinite).map(Numbers::truncate))
              .orElse(absent);
      default -> Numbers.integer(value).<Value>map(Value.Int::new).orElse(absent);
    };
  }

  private static Optional<BigInteger> parseInteger(String text, int base) {
    String digits = text.strip();
    if (base < 2 || base > 36 || digits.length() > MAX_DIGITS) {
      return Optional.empty();
    }
    if (!DIGITS.matcher(digits).matches()) {
      return Optional.empty();
    }
    String sign = digits.startsWith("-") ? "-" : "";
    String magnitude = digits.replaceFirst("^[+-]", "").replace("_", "").toLowerCase();
    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
    String bare = magnitude.startsWith(prefix) ? magnitude.substring(prefix.length()) : magnitude;
    boolean valid = !bare.isEmpty() && bare.chars().allMatch(c -> Character.digit(c, base) >= 0);
    return valid ? Optional.of(new BigInteger(sign + bare, base)) : Optional.empty();
  }

  private static Optional<Double> parseReal(String text) {
    String stripped = text.strip();
    if (stripped.length() <= MAX_DIGITS && DECIMAL.matcher(stripped).matches()) {
      return Optional.of(Double.parseDouble(stripped.replace("_", "")));
    }
    return switch (stripped.toLowerCase()) {
      case "inf", "+inf", "infinity", "+infinity" -> Optional.of(Double.POSITIVE_INFINITY);
      case "-inf", "-infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
      case "nan", "+nan", "-nan" -> Optional.of(Double.NaN);
      default -> Optional.empty();
    };
  }

  private static Value toReal(Value value, Bound arguments, Evaluation evaluation) {
    Comparison.failIfUndefined(value);
    Optional<Double> number =
        value instanceof Text text ? parseReal(text.string()) : Numbers.real(value);
    return number
        .<Value>map(Value.Real::new)
        .orElseGet(() -> arguments.value("default", new Value.Real(0)));
  }

  private static Value round(Value value, Bound arguments, Evaluation evaluation) {
    Comparison.failIfUndefined(value);
    int precision = arguments.integer("precision", 0);
    String method = arguments.text("method", Text.trusted("common")).string();
    if (Math.abs(precision) > MAX_PRECISION) {
      throw new TemplateException("a precision above " + MAX_PRECISION + " is not supported");
    }
    double number =
        Numbers.real(value)
            .orElseThrow(() -> new TemplateException("cannot round a " + value.typeName()));
    double scale = Math.pow(10, precision);
    return switch (method) {
      case "common" -> common(value, number, precision);
      case "ceil" -> new Value.Real(Math.ceil(number * scale) / scale);
      case "floor" -> new Value.Real(Math.floor(number * scale) / scale);
      default -> throw new TemplateException("round knows common, ceil and floor");
    };
  }

  private static Value common(Value value, double number, int precision) {
    if (!(value instanceof Value.Real)) {
      BigDecimal exact = new BigDecimal(Numbers.integer(value).orElseThrow());
      return new Value.Int(
          exact.setScale(Math.min(0, precision), RoundingMode.HALF_EVEN).toBigInteger());
    }
    if (!Double.isFinite(number) || number == 0) {
      return value;
    }
    double rounded =
        new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN).doubleValue();
    return new Value.Real(Math.copySign(rounded, number));
  }

  private static Value absolute(Value value, Bound arguments, Evaluation evaluation) {
    Comparison.failIfUndefined(value);
    if (value instanceof Value.Real real) {
      return new Value.Real(Math.abs(real.value()));
    }
    return Numbers.integer(value)
        .map(number -> new Value.Int(number.abs()))
        .orElseThrow(
            () -> new TemplateException("a " + value.typeName() + " has no absolute value"));
  }
}
