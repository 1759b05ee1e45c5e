package dev.skipjack.models.jinja;

import dev.skipjack.models.jinja.Expression.Operator;
import dev.skipjack.models.jinja.Expression.Relation;

/** What can follow {@code is}. */
final class Tests {
  static final NativeTable TABLE =
      new NativeTable()
          .add("defined", (v, a, e) -> bool(!(v instanceof Value.Undefined)))
          .add("undefined", (v, a, e) -> bool(v instanceof Value.Undefined))
          .add("none", (v, a, e) -> bool(v == Value.None.NONE))
          .add("boolean", (v, a, e) -> bool(v instanceof Value.Bool))
          .add("true", (v, a, e) -> bool(v == Value.Bool.TRUE))
          .add("false", (v, a, e) -> bool(v == Value.Bool.FALSE))
          .add("integer", (v, a, e) -> bool(v instanceof Value.Int))
          .add("float", (v, a, e) -> bool(v instanceof Value.Real))
          .add("number", (v, a, e) -> bool(Numbers.isNumber(v)))
          .add("string", (v, a, e) -> bool(v instanceof Text))
          .add("mapping", (v, a, e) -> bool(v instanceof DictValue))
          .add("sequence", (v, a, e) -> bool(isIterable(v)))
          .add("iterable", (v, a, e) -> bool(isIterable(v)))
          .add("callable", (v, a, e) -> bool(v instanceof Callable))
          .add("lower", (v, a, e) -> bool(TextCase.isLower(e.print(v).string())))
          .add("upper", (v, a, e) -> bool(TextCase.isUpper(e.print(v).string())))
          .add("odd", (v, a, e) -> remainder(v, Value.Int.of(2), Value.Int.of(1), e))
          .add("even", (v, a, e) -> remainder(v, Value.Int.of(2), Value.Int.of(0), e))
          .add(
              "divisibleby", (v, a, e) -> remainder(v, a.require("num"), Value.Int.of(0), e), "num")
          .add("sameas", (v, a, e) -> bool(isSame(v, a.require("other"))), "other")
          .add("in", (v, a, e) -> holds(Relation.IN, v, a.require("seq"), e), "seq")
          .add("filter", (v, a, e) -> bool(v instanceof Text t && Filters.TABLE.has(t.string())))
          .add("test", (v, a, e) -> bool(v instanceof Text t && isTest(t.string())))
          .addAll(relation(Relation.EQUAL, "eq", "equalto"))
          .addAll(relation(Relation.UNEQUAL, "ne"))
          .addAll(relation(Relation.LESS, "lt", "lessthan"))
          .addAll(relation(Relation.LESS_OR_EQUAL, "le"))
          .addAll(relation(Relation.GREATER, "gt", "greaterthan"))
          .addAll(relation(Relation.GREATER_OR_EQUAL, "ge"));

  private Tests() {}

  private static NativeTable relation(Relation relation, String... names) {
    NativeTable table = new NativeTable();
    NativeTable.Body body = (v, a, e) -> holds(relation, v, a.require("other"), e);
    for (String name : names) {
      table.add(name, body, "other");
    }
    return table.add(relation.symbol(), body, "other");
  }

  private static Value bool(boolean value) {
    return Value.Bool.of(value);
  }

  private static boolean isTest(String name) {
    return TABLE.has(name);
  }

  private static boolean isIterable(Value value) {
    return value instanceof Text
        || value instanceof ListValue
        || value instanceof DictValue
        || value instanceof Value.Undefined;
  }

  private static Value holds(Relation relation, Value left, Value right, Evaluation evaluation) {
    return bool(evaluation.operators().holds(relation, left, right));
  }

  private static Value remainder(
      Value value, Value divisor, Value expected, Evaluation evaluation) {
    if (value instanceof Text) {
      throw new TemplateException("a str has no remainder");
    }
    Value remainder = evaluation.operators().apply(Operator.MODULO, value, divisor);
    return holds(Relation.EQUAL, remainder, expected, evaluation);
  }

  /** Identity; scalars of the same type and value are one object. */
  private static boolean isSame(Value left, Value right) {
    return left instanceof Value.Scalar && !(left instanceof Value.Real)
        ? left.equals(right)
        : left == right;
  }
}
