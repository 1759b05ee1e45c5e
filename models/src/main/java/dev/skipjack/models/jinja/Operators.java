package dev.skipjack.models.jinja;

import dev.skipjack.models.jinja.Expression.Operator;
import dev.skipjack.models.jinja.Expression.Relation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Arithmetic with Python's rules: floor division, modulo with the divisor's sign, repetition. */
final class Operators {
  private static final int MAX_BITS = 1 << 12;

  private final Budget budget;

  Operators(Budget budget) {
    this.budget = budget;
  }

  Value apply(Operator operator, Value left, Value right) {
    Comparison.failIfUndefined(left);
    Comparison.failIfUndefined(right);
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return left instanceof Value.Real || right instanceof Value.Real
          ? new Value.Real(real(operator, Numbers.real(left).get(), Numbers.real(right).get()))
          : integer(operator, Numbers.integer(left).get(), Numbers.integer(right).get());
    }
    Optional<Value> result =
        switch (operator) {
          case ADD -> add(left, right);
          case MULTIPLY -> repeat(left, right).or(() -> repeat(right, left));
          case MODULO ->
              left instanceof Text format
                  ? Optional.of(PercentFormat.format(format, right, budget))
                  : Optional.empty();
          default -> Optional.empty();
        };
    return result.orElseThrow(
        () ->
            new TemplateException(
                "unsupported operands for %s: '%s' and '%s'"
                    .formatted(operator.symbol(), left.typeName(), right.typeName())));
  }

  private Optional<Value> add(Value left, Value right) {
    if (left instanceof Text a && right instanceof Text b) {
      return Optional.of(new TextBuilder(budget).append(a).append(b).toText());
    }
    if (left instanceof ListValue a && right instanceof ListValue b && a.isTuple() == b.isTuple()) {
      budget.collection((long) a.items().size() + b.items().size());
      List<Value> items = new ArrayList<>(a.items());
      items.addAll(b.items());
      return Optional.of(a.with(items));
    }
    return Optional.empty();
  }

  private Optional<Value> repeat(Value sequence, Value times) {
    Optional<Integer> count = Numbers.integer(times).map(n -> Math.max(0, Numbers.clamp(n)));
    if (count.isEmpty()) {
      return Optional.empty();
    }
    return switch (sequence) {
      case Text text -> {
        budget.admitText((long) text.string().length() * count.get());
        TextBuilder repeated = new TextBuilder(budget);
        for (int i = 0; i < count.get() && !text.isEmpty(); i++) {
          repeated.append(text);
        }
        yield Optional.of(repeated.toText());
      }
      case ListValue list -> {
        budget.collection((long) list.items().size() * count.get());
        List<Value> items = new ArrayList<>();
        for (int i = 0; i < count.get() && !list.items().isEmpty(); i++) {
          items.addAll(list.items());
        }
        yield Optional.of(list.with(items));
      }
      default -> Optional.empty();
    };
  }

  private Value integer(Operator operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case ADD -> bounded(a.add(b));
      case SUBTRACT -> bounded(a.subtract(b));
      case MULTIPLY -> bounded(a.multiply(b));
      case DIVIDE -> new Value.Real(a.doubleValue() / nonZero(b).doubleValue());
      case FLOOR_DIVIDE -> new Value.Int(floorDivide(a, nonZero(b)));
      case MODULO -> new Value.Int(a.subtract(floorDivide(a, nonZero(b)).multiply(b)));
      case POWER -> power(a, b);
    };
  }

  private static BigInteger floorDivide(BigInteger a, BigInteger b) {
    BigInteger[] result = a.divideAndRemainder(b);
    boolean roundsUp = result[1].signum() != 0 && result[1].signum() != b.signum();
    return roundsUp ? result[0].subtract(BigInteger.ONE) : result[0];
  }

  private static Value power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      nonZero(base);
      return new Value.Real(Math.pow(base.doubleValue(), exponent.doubleValue()));
    }
    boolean small = base.abs().bitLength() <= 1;
    if (!small
        && (exponent.bitLength() > 31
            || (long) (base.bitLength() - 1) * exponent.longValue() > MAX_BITS)) {
      throw tooLarge();
    }
    if (small) {
      boolean even = !exponent.testBit(0);
      return base.signum() < 0 && even || exponent.signum() == 0
          ? Value.Int.of(1)
          : new Value.Int(base);
    }
    return bounded(base.pow(exponent.intValue()));
  }

  private static BigInteger nonZero(BigInteger divisor) {
    if (divisor.signum() == 0) {
      throw divisionByZero();
    }
    return divisor;
  }

  private static double real(Operator operator, double a, double b) {
    boolean divides =
        operator == Operator.DIVIDE
            || operator == Operator.FLOOR_DIVIDE
            || operator == Operator.MODULO;
    if (b == 0 && divides || operator == Operator.POWER && a == 0 && b < 0) {
      throw divisionByZero();
    }
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case FLOOR_DIVIDE -> Math.floor(a / b);
      case MODULO -> modulo(a, b);
      case POWER -> Math.pow(a, b);
    };
  }

  private static double modulo(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0.0, b);
    }
    return remainder < 0 == b < 0 ? remainder : remainder + b;
  }

  /** {@code -value} or {@code +value}. */
  Value sign(boolean negative, Value operand) {
    Comparison.failIfUndefined(operand);
    if (operand instanceof Value.Real real) {
      return negative ? new Value.Real(-real.value()) : real;
    }
    BigInteger value =
        Numbers.integer(operand)
            .orElseThrow(() -> new TemplateException("a " + operand.typeName() + " has no sign"));
    return new Value.Int(negative ? value.negate() : value);
  }

  boolean holds(Relation relation, Value left, Value right) {
    return switch (relation) {
      case EQUAL -> Comparison.equal(left, right, budget);
      case UNEQUAL -> !Comparison.equal(left, right, budget);
      case LESS -> ordered(left, right) && Comparison.compare(left, right, budget) < 0;
      case LESS_OR_EQUAL -> ordered(left, right) && Comparison.compare(left, right, budget) <= 0;
      case GREATER -> ordered(left, right) && Comparison.compare(left, right, budget) > 0;
      case GREATER_OR_EQUAL -> ordered(left, right) && Comparison.compare(left, right, budget) >= 0;
      case IN -> Comparison.contains(right, left, budget);
      case NOT_IN -> !Comparison.contains(right, left, budget);
    };
  }

  /** Nothing is less or greater than a float that is not a number. */
  private static boolean ordered(Value left, Value right) {
    return !Comparison.isNaN(left) && !Comparison.isNaN(right);
  }

  private static Value.Int bounded(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw tooLarge();
    }
    return new Value.Int(value);
  }

  private static TemplateException tooLarge() {
    return new TemplateException("an integer grows beyond " + MAX_BITS + " bits");
  }

  private static TemplateException divisionByZero() {
    return new TemplateException("division by zero");
  }
}
