package dev.skipjack.models.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one value is formatted: Python's format mini-language as far as it concerns text, integers
 * and fixed point numbers.
 *
 * @param align {@code <}, {@code >} or {@code ^}; absent aligns numbers right and the rest left
 * @param sign {@code +}, a blank, or {@code -} for negative numbers only
 * @param type {@code s d f % x X o b}, or 0 for the natural one of the value
 */
record FormatSpec(
    Optional<Character> align,
    String fill,
    char sign,
    int width,
    boolean grouped,
    OptionalInt precision,
    char type) {
  private static final int DEFAULT_PRECISION = 6;
  private static final int MAX_PRECISION = 1000;

  FormatSpec {
    if (precision.orElse(0) > MAX_PRECISION) {
      throw new TemplateException("a precision above " + MAX_PRECISION + " is not supported");
    }
  }

  Text format(Value value, Budget budget) {
    Comparison.failIfUndefined(value);
    boolean numeric = Numbers.isNumber(value) && type != 's';
    boolean natural = type == 0 && (!numeric || precision.isEmpty());
    Text body =
        type == 's' || natural && !grouped && sign == '-'
            ? cut(new Printer(budget).print(value))
            : Text.trusted(number(value));
    return padded(body, numeric, budget);
  }

  private Text cut(Text text) {
    return precision.isPresent() ? text.range(0, text.offset(precision.getAsInt())) : text;
  }

  private String number(Value value) {
    if (type == 'f' || type == '%' || type == 0 && value instanceof Value.Real) {
      return fixed(Numbers.real(value).orElseThrow(() -> unsuitable(value)), type == '%');
    }
    BigInteger number =
        Numbers.integer(value)
            .or(
                () ->
                    value instanceof Value.Real real
                        ? Optional.of(Numbers.truncate(real.value()).value())
                        : Optional.empty())
            .orElseThrow(() -> unsuitable(value));
    String digits =
        switch (type) {
          case 'x' -> number.abs().toString(16);
          case 'X' -> number.abs().toString(16).toUpperCase(Locale.ROOT);
          case 'o' -> number.abs().toString(8);
          case 'b' -> number.abs().toString(2);
          default -> number.abs().toString();
        };
    return signed(number.signum() < 0, group(digits));
  }

  private String fixed(double number, boolean percent) {
    if (!Double.isFinite(number)) {
      return Numbers.print(number);
    }
    BigDecimal exact = new BigDecimal(percent ? number * 100 : number);
    String digits =
        exact
            .abs()
            .setScale(precision.orElse(DEFAULT_PRECISION), RoundingMode.HALF_EVEN)
            .toPlainString();
    boolean negative = number < 0 || 1 / number < 0;
    return signed(negative, group(digits)) + (percent ? "%" : "");
  }

  private String group(String digits) {
    if (!grouped) {
      return digits;
    }
    int point = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
    String whole = digits.substring(0, point).replaceAll("(?<=\\d)(?=(?:\\d{3})+$)", ",");
    return whole + digits.substring(point);
  }

  private String signed(boolean negative, String digits) {
    String mark = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    boolean zeros = fill.equals("0") && align.isEmpty();
    return mark
        + (zeros ? "0".repeat(Math.max(0, width - mark.length() - digits.length())) : "")
        + digits;
  }

  private Text padded(Text body, boolean numeric, Budget budget) {
    long space = Math.max(0L, (long) width - body.length());
    char side = align.orElse(numeric ? '>' : '<');
    long left =
        switch (side) {
          case '>' -> space;
          case '^' -> space / 2;
          default -> 0;
        };
    return TextEdits.pad(body, left, space - left, fill, budget);
  }

  private TemplateException unsuitable(Value value) {
    return new TemplateException(
        "format '%c' needs a number, not a %s".formatted(type, value.typeName()));
  }
}
