package dev.skipjack.models.jinja;

import dev.skipjack.models.jinja.Expression.Operator;
import dev.skipjack.models.jinja.Expression.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Recursive descent over Jinja2's expression grammar, loosest binding first: conditional, or, and,
 * not, comparisons, sums, concatenation, products, powers (which associate to the left, unlike
 * Python's), signs, and what follows a primary: attributes, items, calls, filters, tests.
 */
final class ExpressionParser {
  private static final Map<String, Relation> RELATIONS =
      Map.of(
          "==", Relation.EQUAL,
          "!=", Relation.UNEQUAL,
          "<", Relation.LESS,
          "<=", Relation.LESS_OR_EQUAL,
          ">", Relation.GREATER,
          ">=", Relation.GREATER_OR_EQUAL);
  private static final Map<String, Operator> SUMS =
      Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);
  private static final Map<String, Operator> PRODUCTS =
      Map.of(
          "*", Operator.MULTIPLY,
          "/", Operator.DIVIDE,
          "//", Operator.FLOOR_DIVIDE,
          "%", Operator.MODULO);
  private static final Map<String, Operator> POWERS = Map.of("**", Operator.POWER);

  /** Words that end a test without argument: {@code x is defined and y}. */
  private static final Set<String> AFTER_TEST = Set.of("else", "or", "and");

  private final TokenStream tokens;
  private final PrimaryParser primaries;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.primaries = new PrimaryParser(tokens, this);
  }

  /** One expression or, with commas, a tuple. */
  Expression tuple() {
    return primaries.tuple(this::expression);
  }

  /** Like {@link #tuple} where a following {@code if} belongs to the statement. */
  Expression tupleWithoutConditional() {
    return primaries.tuple(this::or);
  }

  /** One expression, with {@code a if b else c}. */
  Expression expression() {
    return nested(
        () -> {
          Expression result = or();
          while (tokens.skipName("if")) {
            Expression condition = or();
            Optional<Expression> otherwise =
                tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
            result = new Expression.Conditional(condition, result, otherwise);
          }
          return result;
        });
  }

  Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    return tokens.skipName("not") ? new Expression.Not(nested(this::not)) : comparison();
  }

  private Expression comparison() {
    Expression first = sum();
    List<Expression.Operand> rest = new ArrayList<>();
    for (Optional<Relation> next = relation(); next.isPresent(); next = relation()) {
      rest.add(new Expression.Operand(next.get(), sum()));
    }
    return rest.isEmpty() ? first : new Expression.Compared(first, List.copyOf(rest));
  }

  private Optional<Relation> relation() {
    if (tokens.skipName("in")) {
      return Optional.of(Relation.IN);
    }
    if (tokens.atName("not") && tokens.peekSecond().isName("in")) {
      tokens.next();
      tokens.next();
      return Optional.of(Relation.NOT_IN);
    }
    Optional<Relation> relation = operator(RELATIONS);
    relation.ifPresent(consumed -> tokens.next());
    return relation;
  }

  private Expression sum() {
    return leftAssociative(SUMS, this::concatenation);
  }

  private Expression concatenation() {
    Expression first = product();
    if (!tokens.atOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expression.Concatenation(List.copyOf(parts));
  }

  private Expression product() {
    return leftAssociative(PRODUCTS, this::power);
  }

  private Expression power() {
    return leftAssociative(POWERS, this::unary);
  }

  private Expression leftAssociative(
      Map<String, Operator> operators, Supplier<Expression> operand) {
    Expression left = operand.get();
    for (Optional<Operator> next = operator(operators);
        next.isPresent();
        next = operator(operators)) {
      tokens.next();
      left = new Expression.Arithmetic(next.get(), left, operand.get());
    }
    return left;
  }

  private <T> Optional<T> operator(Map<String, T> operators) {
    return tokens.at(Token.Kind.OPERATOR)
        ? Optional.ofNullable(operators.get(tokens.peek().text()))
        : Optional.empty();
  }

  /** A primary with sign and whatever follows; a filter applies to the signed value. */
  Expression unary() {
    return filtersAndTests(signed());
  }

  private Expression signed() {
    boolean negative = tokens.atOperator("-");
    if (negative || tokens.atOperator("+")) {
      tokens.next();
      return primaries.suffixes(new Expression.Sign(negative, nested(this::signed)));
    }
    return primaries.suffixes(primaries.primary());
  }

  private Expression filtersAndTests(Expression operand) {
    Expression result = operand;
    while (true) {
      if (tokens.skipOperator("|")) {
        result = new Expression.Filtered(result, filter());
      } else if (tokens.skipName("is")) {
        result = test(result);
      } else if (tokens.atOperator("(")) {
        result = new Expression.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  /** The filters of a block, without what they apply to. */
  List<Expression.Filter> filters() {
    List<Expression.Filter> filters = new ArrayList<>(List.of(filter()));
    while (tokens.skipOperator("|")) {
      filters.add(filter());
    }
    return List.copyOf(filters);
  }

  private Expression.Filter filter() {
    String name = dottedName();
    return new Expression.Filter(
        name, tokens.atOperator("(") ? arguments() : Expression.Parameters.NONE);
  }

  private Expression test(Expression operand) {
    boolean negated = tokens.skipName("not");
    String name = dottedName();
    Expression test = new Expression.Tested(operand, name, testArguments());
    return negated ? new Expression.Not(test) : test;
  }

  private Expression.Parameters testArguments() {
    if (tokens.atOperator("(")) {
      return arguments();
    }
    Token next = tokens.peek();
    boolean argument =
        switch (next.kind()) {
          case NAME -> !AFTER_TEST.contains(next.text());
          case STRING, INTEGER, FLOAT -> true;
          case OPERATOR -> next.text().equals("[") || next.text().equals("{");
          default -> false;
        };
    if (!argument) {
      return Expression.Parameters.NONE;
    }
    if (next.isName("is")) {
      throw tokens.unexpected("the end of the test, since tests cannot be chained,");
    }
    Expression only = primaries.suffixes(primaries.primary());
    return new Expression.Parameters(List.of(only), Map.of(), Optional.empty(), Optional.empty());
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(tokens.expect(Token.Kind.NAME).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Token.Kind.NAME).text());
    }
    return name.toString();
  }

  /** The parenthesised arguments of a call. */
  Expression.Parameters arguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Optional<Expression> rest = Optional.empty();
    Optional<Expression> namedRest = Optional.empty();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      if (tokens.skipOperator("**")) {
        namedRest = Optional.of(expression());
      } else if (tokens.skipOperator("*")) {
        rest = Optional.of(expression());
      } else if (tokens.at(Token.Kind.NAME) && tokens.peekSecond().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        named.put(name, expression());
      } else if (named.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.unexpected("a named argument");
      }
      if (!tokens.atOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new Expression.Parameters(List.copyOf(positional), named, rest, namedRest);
  }

  private <T> T nested(Supplier<T> part) {
    tokens.enter();
    T result = part.get();
    tokens.leave();
    return result;
  }
}
