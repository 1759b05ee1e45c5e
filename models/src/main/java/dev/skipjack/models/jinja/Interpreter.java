package dev.skipjack.models.jinja;

import dev.skipjack.models.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Executes statements and collects what they print. One per rendering. */
final class Interpreter {
  private final Evaluation evaluation;
  private final Evaluator evaluator;

  /** How a statement ended. */
  private enum Flow {
    NORMAL,
    BREAK,
    CONTINUE
  }

  Interpreter(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.evaluator = new Evaluator(evaluation);
  }

  /** Everything the statements print. */
  Text run(List<Statement> statements, Scope scope) {
    TextBuilder out = evaluation.builder();
    execute(statements, scope, out);
    return out.toText();
  }

  private Flow execute(List<Statement> statements, Scope scope, TextBuilder out) {
    for (Statement statement : statements) {
      Flow flow = execute(statement, scope, out);
      if (flow != Flow.NORMAL) {
        return flow;
      }
    }
    return Flow.NORMAL;
  }

  private Flow execute(Statement statement, Scope scope, TextBuilder out) {
    evaluation.budget().enter();
    try {
      return dispatch(statement, scope, out);
    } catch (TemplateException e) {
      throw e.at(statement.line());
    } finally {
      evaluation.budget().leave();
    }
  }

  private Flow dispatch(Statement statement, Scope scope, TextBuilder out) {
    switch (statement) {
      case Statement.Data data -> out.append(data.text());
      case Statement.Output output ->
          out.append(evaluation.print(evaluator.evaluate(output.expression(), scope)));
      case Statement.If conditional -> {
        return conditional(conditional, scope, out);
      }
      case Statement.For loop -> {
        return loop(loop, scope, out);
      }
      case Statement.Assign assign -> assign(assign, scope);
      case Statement.Capture capture ->
          assign(
              capture.target(),
              filtered(run(capture.body(), scope.inner()), capture.filters(), scope),
              scope);
      case Statement.Macro macro ->
          scope.set(macro.name(), function(macro.name(), macro.parameters(), macro.body(), scope));
      case Statement.CallBlock block -> out.append(evaluation.print(callBlock(block, scope)));
      case Statement.FilterBlock block -> {
        Text body = run(block.body(), scope.inner());
        out.append(evaluation.print(filtered(body, block.filters(), scope)));
      }
      case Statement.With with -> {
        return with(with, scope, out);
      }
      case Statement.Break end -> {
        return Flow.BREAK;
      }
      case Statement.Continue next -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NORMAL;
  }

  private Flow conditional(Statement.If conditional, Scope scope, TextBuilder out) {
    for (Statement.Branch branch : conditional.branches()) {
      if (evaluator.isTrue(branch.condition(), scope)) {
        return execute(branch.body(), scope, out);
      }
    }
    return execute(conditional.otherwise(), scope, out);
  }

  private Flow loop(Statement.For loop, Scope scope, TextBuilder out) {
    List<Value> items = evaluation.iterate(evaluator.evaluate(loop.iterable(), scope));
    if (loop.filter().isPresent()) {
      items = matching(items, loop.target(), loop.filter().get(), scope);
    }
    Loop state = new Loop(items, evaluation.budget());
    while (state.advance()) {
      Scope inner = scope.inner();
      inner.set(Loop.NAME, state);
      assign(loop.target(), state.item(), inner);
      if (execute(loop.body(), inner, out) == Flow.BREAK) {
        return Flow.NORMAL;
      }
    }
    return items.isEmpty() ? execute(loop.otherwise(), scope.inner(), out) : Flow.NORMAL;
  }

  private List<Value> matching(List<Value> items, Target target, Expression filter, Scope scope) {
    List<Value> matching = new ArrayList<>();
    for (Value item : items) {
      Scope inner = scope.inner();
      assign(target, item, inner);
      if (evaluator.isTrue(filter, inner)) {
        matching.add(item);
      }
    }
    return matching;
  }

  private void assign(Statement.Assign assign, Scope scope) {
    assign(assign.target(), evaluator.evaluate(assign.value(), scope), scope);
  }

  private void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Target.Variable(String name) -> scope.set(name, value);
      case Target.Member(String name, String member) -> {
        if (!(scope.get(name) instanceof Namespace namespace)) {
          throw new TemplateException("attributes can only be set on a namespace");
        }
        namespace.set(member, value, evaluation.budget());
      }
      case Target.Unpacking(List<Target> targets) -> {
        List<Value> values = evaluation.iterate(value);
        if (values.size() != targets.size()) {
          throw new TemplateException(
              "cannot unpack %d values into %d names".formatted(values.size(), targets.size()));
        }
        for (int i = 0; i < targets.size(); i++) {
          assign(targets.get(i), values.get(i), scope);
        }
      }
    }
  }

  private Value filtered(Text body, List<Expression.Filter> filters, Scope scope) {
    Value value = body;
    for (Expression.Filter filter : filters) {
      value = evaluator.filter(filter, value, scope);
    }
    return value;
  }

  private Flow with(Statement.With with, Scope scope, TextBuilder out) {
    Scope inner = scope.inner();
    for (Statement.Assign assignment : with.assignments()) {
      assign(assignment.target(), evaluator.evaluate(assignment.value(), scope), inner);
    }
    return execute(with.body(), inner, out);
  }

  private Value callBlock(Statement.CallBlock block, Scope scope) {
    Callable caller = function("caller", block.parameters(), block.body(), scope);
    return evaluator.call(block.call(), scope, Arguments.NONE.with("caller", caller));
  }

  /** A macro: a function of the scope it was defined in, whose result is what it prints. */
  private Callable function(
      String name, List<Statement.Parameter> parameters, List<Statement> body, Scope scope) {
    return new Callable(
        name,
        arguments -> {
          Scope inner = scope.inner();
          bind(parameters, arguments, inner);
          return run(body, inner);
        });
  }

  private void bind(List<Statement.Parameter> parameters, Arguments arguments, Scope inner) {
    DictValue.Builder surplus = new DictValue.Builder(evaluation.budget());
    List<String> names = parameters.stream().map(Statement.Parameter::name).toList();
    arguments
        .named()
        .forEach(
            (name, value) -> {
              if (!names.contains(name) && !name.equals("caller")) {
                surplus.put(name, value);
              }
            });
    inner.set("kwargs", surplus.build());
    inner.set("varargs", ListValue.tuple(arguments.from(parameters.size()).positional()));
    inner.set(
        "caller", arguments.named().getOrDefault("caller", Value.Undefined.variable("caller")));
    for (int i = 0; i < parameters.size(); i++) {
      Statement.Parameter parameter = parameters.get(i);
      Optional<Value> given =
          i < arguments.positional().size()
              ? Optional.of(arguments.positional().get(i))
              : Optional.ofNullable(arguments.named().get(parameter.name()));
      inner.set(parameter.name(), given.orElseGet(() -> absent(parameter, inner)));
    }
  }

  private Value absent(Statement.Parameter parameter, Scope inner) {
    return parameter
        .absent()
        .map(value -> evaluator.evaluate(value, inner))
        .orElseGet(
            () -> new Value.Undefined("parameter '" + parameter.name() + "' was not provided"));
  }
}
