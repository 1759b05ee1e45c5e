package dev.skipjack.models.jinja;

import java.math.BigDecimal;
import java.util.List;

/** Truth, equality, order and membership as Python has them. */
final class Comparison {
  private Comparison() {}

  /** Zero, nothing and emptiness are false. */
  static boolean truth(Value value) {
    return switch (value) {
      case Value.Bool bool -> bool.isTrue();
      case Value.None none -> false;
      case Value.Undefined undefined -> false;
      case Value.Int number -> number.value().signum() != 0;
      case Value.Real real -> real.value() != 0;
      case Text text -> !text.isEmpty();
      case ListValue list -> !list.items().isEmpty();
      case DictValue dict -> dict.size() > 0;
      case Callable callable -> true;
      case ObjectValue object -> true;
    };
  }

  static boolean equal(Value left, Value right, Budget budget) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return !isNaN(left) && !isNaN(right) && compareNumbers(left, right) == 0;
    }
    return switch (left) {
      case Text text -> right instanceof Text other && equalText(text, other, budget);
      case ListValue list ->
          right instanceof ListValue other
              && list.isTuple() == other.isTuple()
              && budget.nested(() -> equalItems(list.items(), other.items(), budget));
      case DictValue dict ->
          right instanceof DictValue other
              && dict.size() == other.size()
              && budget.nested(() -> equalEntries(dict, other, budget));
      case Value.Undefined undefined -> right instanceof Value.Undefined;
      default -> left == right;
    };
  }

  private static boolean equalText(Text left, Text right, Budget budget) {
    budget.scan(left.string().length());
    return left.string().equals(right.string());
  }

  private static boolean equalItems(List<Value> left, List<Value> right, Budget budget) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      budget.step(1);
      if (!equal(left.get(i), right.get(i), budget)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalEntries(DictValue left, DictValue right, Budget budget) {
    budget.step(left.size());
    return left.entries().stream()
        .allMatch(
            entry ->
                right
                    .get(entry.key())
                    .filter(value -> equal(entry.value(), value, budget))
                    .isPresent());
  }

  /** Negative, zero or positive; an exception when the types have no common order. */
  static int compare(Value left, Value right, Budget budget) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return compareNumbers(left, right);
    }
    if (left instanceof Text a && right instanceof Text b) {
      budget.scan(Math.min(a.string().length(), b.string().length()));
      return compareCodePoints(a.string(), b.string());
    }
    if (left instanceof ListValue a && right instanceof ListValue b && a.isTuple() == b.isTuple()) {
      return budget.nested(() -> compareItems(a.items(), b.items(), budget));
    }
    failIfUndefined(left);
    failIfUndefined(right);
    throw new TemplateException(
        "cannot order a %s and a %s".formatted(left.typeName(), right.typeName()));
  }

  private static int compareItems(List<Value> left, List<Value> right, Budget budget) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      budget.step(1);
      if (!equal(left.get(i), right.get(i), budget)) {
        return compare(left.get(i), right.get(i), budget);
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  /** Exact, also between integers and floats, so that it is an order. */
  private static int compareNumbers(Value left, Value right) {
    if (isFinite(left) && isFinite(right)) {
      return exact(left).compareTo(exact(right));
    }
    return Double.compare(Numbers.real(left).orElseThrow(), Numbers.real(right).orElseThrow());
  }

  private static boolean isFinite(Value number) {
    return !(number instanceof Value.Real real) || Double.isFinite(real.value());
  }

  private static BigDecimal exact(Value number) {
    return number instanceof Value.Real real
        ? new BigDecimal(real.value())
        : new BigDecimal(Numbers.integer(number).orElseThrow());
  }

  /** UTF-16 order differs from code point order above the basic plane. */
  static int compareCodePoints(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean sameKind = Character.isSurrogate(a) == Character.isSurrogate(b);
        return sameKind ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  static boolean contains(Value container, Value member, Budget budget) {
    return switch (container) {
      case Text text when member instanceof Text part -> {
        budget.scan(text.string().length());
        yield text.string().contains(part.string());
      }
      case Text text -> {
        failIfUndefined(member);
        throw new TemplateException("a str contains only str, not " + member.typeName());
      }
      case DictValue dict -> !(member instanceof Value.Undefined) && dict.get(member).isPresent();
      case ListValue list ->
          list.items().stream()
              .anyMatch(
                  item -> {
                    budget.step(1);
                    return equal(item, member, budget);
                  });
      case Value.Undefined undefined -> false;
      default ->
          throw new TemplateException("a " + container.typeName() + " does not contain anything");
    };
  }

  static boolean isNaN(Value value) {
    return value instanceof Value.Real real && Double.isNaN(real.value());
  }

  static void failIfUndefined(Value value) {
    if (value instanceof Value.Undefined undefined) {
      throw undefined.failure();
    }
  }
}
