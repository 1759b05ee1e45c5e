package dev.skipjack.models.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computes expressions. */
final class Evaluator {
  private final Evaluation evaluation;
  private final Members members;

  Evaluator(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.members = new Members(evaluation);
  }

  Value evaluate(Expression expression, Scope scope) {
    evaluation.budget().enter();
    try {
      return compute(expression, scope);
    } finally {
      evaluation.budget().leave();
    }
  }

  private Value compute(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.Literal(Value value) -> value;
      case Expression.Name(String name) -> scope.get(name);
      case Expression.Attribute(Expression target, String name) ->
          members.attribute(evaluate(target, scope), name);
      case Expression.Item(Expression target, Expression key) ->
          members.item(evaluate(target, scope), evaluate(key, scope));
      case Expression.Slice slice -> slice(slice, scope);
      case Expression.Call call -> call(call, scope, Arguments.NONE);
      case Expression.Filtered(Expression target, Expression.Filter filter) ->
          filter(filter, evaluate(target, scope), scope);
      case Expression.Tested(Expression target, String test, Expression.Parameters parameters) ->
          Tests.TABLE.call(
              "test", test, evaluate(target, scope), arguments(parameters, scope), evaluation);
      case Expression.Arithmetic(Expression.Operator operator, Expression left, Expression right) ->
          evaluation.operators().apply(operator, evaluate(left, scope), evaluate(right, scope));
      case Expression.Concatenation(List<Expression> parts) -> concatenate(parts, scope);
      case Expression.Sign(boolean negative, Expression operand) ->
          evaluation.operators().sign(negative, evaluate(operand, scope));
      case Expression.Not(Expression operand) -> Value.Bool.of(!isTrue(operand, scope));
      case Expression.And(Expression left, Expression right) -> {
        Value first = evaluate(left, scope);
        yield Comparison.truth(first) ? evaluate(right, scope) : first;
      }
      case Expression.Or(Expression left, Expression right) -> {
        Value first = evaluate(left, scope);
        yield Comparison.truth(first) ? first : evaluate(right, scope);
      }
      case Expression.Compared compared -> Value.Bool.of(compare(compared, scope));
      case Expression.Conditional conditional -> conditional(conditional, scope);
      case Expression.ListLiteral(List<Expression> items) ->
          evaluation.list(evaluateAll(items, scope));
      case Expression.TupleLiteral(List<Expression> items) ->
          ListValue.tuple(evaluateAll(items, scope));
      case Expression.DictLiteral(List<Expression.Pair> pairs) -> dict(pairs, scope);
    };
  }

  boolean isTrue(Expression expression, Scope scope) {
    return Comparison.truth(evaluate(expression, scope));
  }

  private List<Value> evaluateAll(List<Expression> expressions, Scope scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Value slice(Expression.Slice slice, Scope scope) {
    return members.slice(
        evaluate(slice.target(), scope),
        slice.start().map(bound -> evaluate(bound, scope)),
        slice.stop().map(bound -> evaluate(bound, scope)),
        slice.step().map(bound -> evaluate(bound, scope)));
  }

  /**
   * Calls what the target evaluates to.
   *
   * @param extra named arguments that do not stand in the source
   */
  Value call(Expression.Call call, Scope scope, Arguments extra) {
    Value target = evaluate(call.target(), scope);
    Comparison.failIfUndefined(target);
    if (!(target instanceof Callable callable)) {
      throw new TemplateException("a " + target.typeName() + " cannot be called");
    }
    Arguments arguments = arguments(call.arguments(), scope);
    for (Map.Entry<String, Value> named : extra.named().entrySet()) {
      arguments = arguments.with(named.getKey(), named.getValue());
    }
    return callable.call(arguments);
  }

  Value filter(Expression.Filter filter, Value input, Scope scope) {
    return Filters.TABLE.call(
        "filter", filter.name(), input, arguments(filter.arguments(), scope), evaluation);
  }

  private Arguments arguments(Expression.Parameters parameters, Scope scope) {
    if (parameters == Expression.Parameters.NONE) {
      return Arguments.NONE;
    }
    List<Value> positional = evaluateAll(parameters.positional(), scope);
    Map<String, Value> named = new LinkedHashMap<>();
    parameters.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
    parameters
        .rest()
        .ifPresent(rest -> positional.addAll(evaluation.iterate(evaluate(rest, scope))));
    parameters.namedRest().ifPresent(rest -> addAll(named, evaluate(rest, scope)));
    return new Arguments(positional, named);
  }

  private static void addAll(Map<String, Value> named, Value rest) {
    if (!(rest instanceof DictValue dict)) {
      throw new TemplateException("** needs a dict, not a " + rest.typeName());
    }
    for (DictValue.Entry entry : dict.entries()) {
      if (!(entry.key() instanceof Text name)) {
        throw new TemplateException("** needs keys that are strings");
      }
      named.put(name.string(), entry.value());
    }
  }

  private Value concatenate(List<Expression> parts, Scope scope) {
    TextBuilder text = evaluation.builder();
    for (Expression part : parts) {
      text.append(evaluation.print(evaluate(part, scope)));
    }
    return text.toText();
  }

  private boolean compare(Expression.Compared compared, Scope scope) {
    Value left = evaluate(compared.first(), scope);
    for (Expression.Operand operand : compared.rest()) {
      Value right = evaluate(operand.right(), scope);
      if (!evaluation.operators().holds(operand.relation(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Value conditional(Expression.Conditional conditional, Scope scope) {
    if (isTrue(conditional.condition(), scope)) {
      return evaluate(conditional.then(), scope);
    }
    return conditional
        .otherwise()
        .map(otherwise -> evaluate(otherwise, scope))
        .orElseGet(() -> new Value.Undefined("the condition was false and there is no else"));
  }

  private Value dict(List<Expression.Pair> pairs, Scope scope) {
    DictValue.Builder dict = new DictValue.Builder(evaluation.budget());
    for (Expression.Pair pair : pairs) {
      dict.put(evaluate(pair.key(), scope), evaluate(pair.value(), scope));
    }
    return dict.build();
  }
}
