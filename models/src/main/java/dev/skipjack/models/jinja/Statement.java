package dev.skipjack.models.jinja;

import java.util.List;
import java.util.Optional;

/** A part of a template that is executed; lines count from 1. */
sealed interface Statement {
  int line();

  /** Template text between tags. */
  record Data(int line, Text text) implements Statement {}

  /** {@code {{ expression }}} */
  record Output(int line, Expression expression) implements Statement {}

  record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record For(
      int line,
      Target target,
      Expression iterable,
      Optional<Expression> filter,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  record Assign(int line, Target target, Expression value) implements Statement {}

  /** {@code {% set x %}...{% endset %}} */
  record Capture(int line, Target target, List<Expression.Filter> filters, List<Statement> body)
      implements Statement {}

  record Macro(int line, String name, List<Parameter> parameters, List<Statement> body)
      implements Statement {}

  /** {@code {% call(parameters) macro() %}...{% endcall %}} */
  record CallBlock(int line, List<Parameter> parameters, Expression.Call call, List<Statement> body)
      implements Statement {}

  record FilterBlock(int line, List<Expression.Filter> filters, List<Statement> body)
      implements Statement {}

  /** A body with variables of its own. */
  record With(int line, List<Assign> assignments, List<Statement> body) implements Statement {}

  record Break(int line) implements Statement {}

  record Continue(int line) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  record Parameter(String name, Optional<Expression> absent) {}

  /** What can be assigned to. */
  sealed interface Target {
    record Variable(String name) implements Target {}

    record Unpacking(List<Target> targets) implements Target {}

    /** An attribute of a namespace. */
    record Member(String namespace, String name) implements Target {}
  }
}
