package dev.skipjack.models.jinja;

import java.util.List;

/** A cursor over tokens, with the nesting depth of what is being parsed. */
final class TokenStream {
  private final List<Token> tokens;
  private final int maxNesting;
  private int position;
  private int nesting;

  TokenStream(List<Token> tokens, int maxNesting) {
    this.tokens = tokens;
    this.maxNesting = maxNesting;
  }

  Token peek() {
    return tokens.get(position);
  }

  /** The token after the current one; the last token is its own successor. */
  Token peekSecond() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  int line() {
    return peek().line();
  }

  Token next() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      position++;
    }
    return token;
  }

  boolean at(Token.Kind kind) {
    return peek().kind() == kind;
  }

  boolean atOperator(String operator) {
    return peek().isOperator(operator);
  }

  boolean atName(String name) {
    return peek().isName(name);
  }

  /** Consumes an operator if it is next. */
  boolean skipOperator(String operator) {
    return skipIf(atOperator(operator));
  }

  /** Consumes a keyword if it is next. */
  boolean skipName(String name) {
    return skipIf(atName(name));
  }

  private boolean skipIf(boolean here) {
    if (here) {
      next();
    }
    return here;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  Token expect(Token.Kind kind) {
    if (!at(kind)) {
      throw unexpected(kind.description());
    }
    return next();
  }

  TemplateException unexpected(String expected) {
    return new TemplateException(
        "expected " + expected + " but found " + peek().describe(), line());
  }

  /** One level deeper in the syntax tree; every call is paired with {@link #leave}. */
  void enter() {
    if (++nesting > maxNesting) {
      throw new TemplateException("nests deeper than " + maxNesting + " levels", line());
    }
  }

  void leave() {
    nesting--;
  }
}
