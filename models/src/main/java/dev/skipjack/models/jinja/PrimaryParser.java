package dev.skipjack.models.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Literals, names, bracketed expressions, and the attributes, items and calls behind them. */
final class PrimaryParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;

  PrimaryParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Expression primary() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NAME -> name(tokens.next().text());
      case STRING -> string();
      case INTEGER -> new Expression.Literal(integer(tokens.next()));
      case FLOAT ->
          new Expression.Literal(
              new Value.Real(Double.parseDouble(tokens.next().text().replace("_", ""))));
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parenthesised();
            case "[" -> list();
            case "{" -> dict();
            default -> throw tokens.unexpected("an expression");
          };
      default -> throw tokens.unexpected("an expression");
    };
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Literal(Value.Bool.TRUE);
      case "false", "False" -> new Expression.Literal(Value.Bool.FALSE);
      case "none", "None" -> new Expression.Literal(Value.None.NONE);
      default -> new Expression.Name(name);
    };
  }

  /** Neighbouring strings are one, as in Python. */
  private Expression string() {
    StringBuilder string = new StringBuilder();
    while (tokens.at(Token.Kind.STRING)) {
      string.append(tokens.next().text());
    }
    return new Expression.Literal(Text.trusted(string.toString()));
  }

  private static Value.Int integer(Token token) {
    String digits = token.text().replace("_", "");
    String prefix = digits.length() > 2 ? digits.substring(0, 2).toLowerCase() : "";
    return new Value.Int(
        switch (prefix) {
          case "0x" -> new BigInteger(digits.substring(2), 16);
          case "0o" -> new BigInteger(digits.substring(2), 8);
          case "0b" -> new BigInteger(digits.substring(2), 2);
          default -> new BigInteger(digits);
        });
  }

  private Expression parenthesised() {
    tokens.next();
    if (tokens.skipOperator(")")) {
      return new Expression.TupleLiteral(List.of());
    }
    Expression inside = expressions.tuple();
    tokens.expectOperator(")");
    return inside;
  }

  /** One item, or a tuple when a comma follows; a comma may trail. */
  Expression tuple(Supplier<Expression> item) {
    Expression first = item.get();
    if (!tokens.atOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !endsTuple()) {
      items.add(item.get());
    }
    return new Expression.TupleLiteral(List.copyOf(items));
  }

  private boolean endsTuple() {
    return switch (tokens.peek().kind()) {
      case OUTPUT_END, TAG_END -> true;
      default -> tokens.atOperator(")");
    };
  }

  private Expression list() {
    tokens.next();
    List<Expression> items = new ArrayList<>();
    while (!tokens.skipOperator("]")) {
      items.add(expressions.expression());
      separator("]");
    }
    return new Expression.ListLiteral(List.copyOf(items));
  }

  private Expression dict() {
    tokens.next();
    List<Expression.Pair> pairs = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      Expression key = expressions.expression();
      tokens.expectOperator(":");
      pairs.add(new Expression.Pair(key, expressions.expression()));
      separator("}");
    }
    return new Expression.DictLiteral(List.copyOf(pairs));
  }

  private void separator(String close) {
    if (!tokens.atOperator(close)) {
      tokens.expectOperator(",");
    }
  }

  /** Attributes, items and calls that follow an expression. */
  Expression suffixes(Expression operand) {
    Expression result = operand;
    while (true) {
      if (tokens.skipOperator(".")) {
        result = attribute(result);
      } else if (tokens.skipOperator("[")) {
        result = subscript(result);
      } else if (tokens.atOperator("(")) {
        result = new Expression.Call(result, expressions.arguments());
      } else {
        return result;
      }
    }
  }

  private Expression attribute(Expression target) {
    return tokens.at(Token.Kind.INTEGER)
        ? new Expression.Item(target, new Expression.Literal(integer(tokens.next())))
        : new Expression.Attribute(target, tokens.expect(Token.Kind.NAME).text());
  }

  private Expression subscript(Expression target) {
    Optional<Expression> start = sliceBound();
    if (start.isPresent() && tokens.skipOperator("]")) {
      return new Expression.Item(target, start.get());
    }
    tokens.expectOperator(":");
    Optional<Expression> stop = sliceBound();
    Optional<Expression> step = tokens.skipOperator(":") ? sliceBound() : Optional.empty();
    tokens.expectOperator("]");
    return new Expression.Slice(target, start, stop, step);
  }

  private Optional<Expression> sliceBound() {
    return tokens.atOperator(":") || tokens.atOperator("]")
        ? Optional.empty()
        : Optional.of(expressions.expression());
  }
}
