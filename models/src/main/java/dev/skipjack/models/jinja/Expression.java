package dev.skipjack.models.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can stand inside a tag and has a value. */
sealed interface Expression {
  record Literal(Value value) implements Expression {}

  record Name(String name) implements Expression {}

  /** {@code target.name}: methods first, then items. */
  record Attribute(Expression target, String name) implements Expression {}

  /** {@code target[key]}: items first, then methods. */
  record Item(Expression target, Expression key) implements Expression {}

  record Slice(
      Expression target,
      Optional<Expression> start,
      Optional<Expression> stop,
      Optional<Expression> step)
      implements Expression {}

  record Call(Expression target, Parameters arguments) implements Expression {}

  record Filtered(Expression target, Filter filter) implements Expression {}

  record Tested(Expression target, String test, Parameters arguments) implements Expression {}

  record Arithmetic(Operator operator, Expression left, Expression right) implements Expression {}

  /** {@code a ~ b ~ c} */
  record Concatenation(List<Expression> parts) implements Expression {}

  record Sign(boolean negative, Expression operand) implements Expression {}

  record Not(Expression operand) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  /** {@code a < b < c}: every neighbouring pair must hold. */
  record Compared(Expression first, List<Operand> rest) implements Expression {}

  record Conditional(Expression condition, Expression then, Optional<Expression> otherwise)
      implements Expression {}

  record ListLiteral(List<Expression> items) implements Expression {}

  record TupleLiteral(List<Expression> items) implements Expression {}

  record DictLiteral(List<Pair> pairs) implements Expression {}

  record Pair(Expression key, Expression value) {}

  record Operand(Relation relation, Expression right) {}

  record Filter(String name, Parameters arguments) {}

  /** Arguments as written; {@code rest} and {@code namedRest} are {@code *a} and {@code **b}. */
  record Parameters(
      List<Expression> positional,
      Map<String, Expression> named,
      Optional<Expression> rest,
      Optional<Expression> namedRest) {
    static final Parameters NONE =
        new Parameters(List.of(), Map.of(), Optional.empty(), Optional.empty());
  }

  /** Arithmetic operators with their spelling. */
  enum Operator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    MODULO("%"),
    POWER("**");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    String symbol() {
      return symbol;
    }
  }

  /** Comparison operators with their spelling. */
  enum Relation {
    EQUAL("=="),
    UNEQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    IN("in"),
    NOT_IN("not in");

    private final String symbol;

    Relation(String symbol) {
      this.symbol = symbol;
    }

    String symbol() {
      return symbol;
    }
  }
}
