package dev.skipjack.models.jinja;

import dev.skipjack.models.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Parses tags into statements. */
final class Parser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private int loops;

  private Parser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  /**
   * The statements of a template.
   *
   * @throws TemplateException if the source is not a template
   */
  static List<Statement> parse(String source, Limits limits) {
    if (source.length() > limits.sourceLength()) {
      throw new TemplateException(
          "the template is longer than " + limits.sourceLength() + " characters");
    }
    Parser parser = new Parser(new TokenStream(Lexer.tokens(source), limits.nesting()));
    List<Statement> statements = parser.statements(Set.of());
    parser.tokens.expect(Token.Kind.END);
    return statements;
  }

  /** Statements up to the end of the template or to a tag with one of these names. */
  private List<Statement> statements(Set<String> ends) {
    List<Statement> statements = new ArrayList<>();
    while (!tokens.at(Token.Kind.END)) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> statements.add(new Statement.Data(token.line(), Text.trusted(token.text())));
        case OUTPUT_BEGIN -> {
          statements.add(new Statement.Output(token.line(), expressions.tuple()));
          tokens.expect(Token.Kind.OUTPUT_END);
        }
        case TAG_BEGIN -> {
          if (tokens.at(Token.Kind.NAME) && ends.contains(tokens.peek().text())) {
            return List.copyOf(statements);
          }
          statements.add(tag());
        }
        default -> throw new TemplateException("unexpected " + token.describe(), token.line());
      }
    }
    return List.copyOf(statements);
  }

  /** The body of a tag up to one of its ends; the caller reads the name of the end. */
  private List<Statement> body(Token opener, String... ends) {
    tokens.expect(Token.Kind.TAG_END);
    tokens.enter();
    List<Statement> body = statements(Set.of(ends));
    tokens.leave();
    if (tokens.at(Token.Kind.END)) {
      throw new TemplateException("'" + opener.text() + "' is never closed", opener.line());
    }
    return body;
  }

  /** The body of a tag that has exactly one end. */
  private List<Statement> closedBody(Token opener) {
    String end = "end" + opener.text();
    List<Statement> body = body(opener, end);
    closeTag(end);
    return body;
  }

  private void closeTag(String name) {
    tokens.expectName(name);
    tokens.expect(Token.Kind.TAG_END);
  }

  private Statement tag() {
    Token name = tokens.expect(Token.Kind.NAME);
    return switch (name.text()) {
      case "if" -> conditional(name);
      case "for" -> loop(name);
      case "set" -> assignment(name);
      case "macro" -> macro(name);
      case "call" -> callBlock(name);
      case "filter" ->
          new Statement.FilterBlock(name.line(), expressions.filters(), closedBody(name));
      case "with" -> with(name);
      case "generation" -> new Statement.With(name.line(), List.of(), closedBody(name));
      case "break" -> loopControl(name, new Statement.Break(name.line()));
      case "continue" -> loopControl(name, new Statement.Continue(name.line()));
      default ->
          throw new TemplateException(
              "unknown or misplaced tag '" + name.text() + "'", name.line());
    };
  }

  private Statement conditional(Token opener) {
    List<Statement.Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    Expression condition = expressions.tupleWithoutConditional();
    while (true) {
      branches.add(new Statement.Branch(condition, body(opener, "elif", "else", "endif")));
      if (!tokens.skipName("elif")) {
        break;
      }
      condition = expressions.tupleWithoutConditional();
    }
    if (tokens.skipName("else")) {
      otherwise = body(opener, "endif");
    }
    closeTag("endif");
    return new Statement.If(opener.line(), List.copyOf(branches), otherwise);
  }

  private Statement loop(Token opener) {
    Target target = target(false);
    tokens.expectName("in");
    Expression iterable = expressions.tupleWithoutConditional();
    Optional<Expression> filter =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    if (tokens.atName("recursive")) {
      throw new TemplateException("recursive loops are not supported", opener.line());
    }
    loops++;
    List<Statement> body = body(opener, "else", "endfor");
    loops--;
    List<Statement> otherwise = tokens.skipName("else") ? body(opener, "endfor") : List.of();
    closeTag("endfor");
    return new Statement.For(opener.line(), target, iterable, filter, body, otherwise);
  }

  private Statement loopControl(Token name, Statement control) {
    if (loops == 0) {
      throw new TemplateException("'" + name.text() + "' outside of a loop", name.line());
    }
    tokens.expect(Token.Kind.TAG_END);
    return control;
  }

  private Statement assignment(Token opener) {
    Target target = target(true);
    if (tokens.skipOperator("=")) {
      Expression value = expressions.tuple();
      tokens.expect(Token.Kind.TAG_END);
      return new Statement.Assign(opener.line(), target, value);
    }
    List<Expression.Filter> filters = tokens.skipOperator("|") ? expressions.filters() : List.of();
    return new Statement.Capture(opener.line(), target, filters, closedBody(opener));
  }

  private Target target(boolean membersAllowed) {
    if (membersAllowed && tokens.at(Token.Kind.NAME) && tokens.peekSecond().isOperator(".")) {
      String namespace = tokens.next().text();
      tokens.next();
      return new Target.Member(namespace, tokens.expect(Token.Kind.NAME).text());
    }
    List<Target> targets = new ArrayList<>();
    boolean unpacks = false;
    do {
      targets.add(singleTarget());
      unpacks |= tokens.atOperator(",");
    } while (tokens.skipOperator(",")
        && (tokens.at(Token.Kind.NAME) && !tokens.atName("in") || tokens.atOperator("(")));
    return unpacks ? new Target.Unpacking(List.copyOf(targets)) : targets.getFirst();
  }

  private Target singleTarget() {
    if (!tokens.skipOperator("(")) {
      return new Target.Variable(tokens.expect(Token.Kind.NAME).text());
    }
    tokens.enter();
    Target inside = target(false);
    tokens.leave();
    tokens.expectOperator(")");
    return inside;
  }

  private Statement macro(Token opener) {
    String name = tokens.expect(Token.Kind.NAME).text();
    List<Statement.Parameter> parameters = parameters();
    return new Statement.Macro(opener.line(), name, parameters, functionBody(opener));
  }

  private Statement callBlock(Token opener) {
    List<Statement.Parameter> parameters = tokens.atOperator("(") ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw new TemplateException("'call' needs a call of a macro", opener.line());
    }
    return new Statement.CallBlock(opener.line(), parameters, call, functionBody(opener));
  }

  /** A break inside a macro cannot end a loop around its definition. */
  private List<Statement> functionBody(Token opener) {
    int outerLoops = loops;
    loops = 0;
    List<Statement> body = closedBody(opener);
    loops = outerLoops;
    return body;
  }

  private List<Statement.Parameter> parameters() {
    List<Statement.Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      String name = tokens.expect(Token.Kind.NAME).text();
      Optional<Expression> absent =
          tokens.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
      parameters.add(new Statement.Parameter(name, absent));
      if (!tokens.atOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return List.copyOf(parameters);
  }

  private Statement with(Token opener) {
    List<Statement.Assign> assignments = new ArrayList<>();
    while (!tokens.at(Token.Kind.TAG_END)) {
      if (!assignments.isEmpty()) {
        tokens.expectOperator(",");
      }
      Target target = singleTarget();
      tokens.expectOperator("=");
      assignments.add(new Statement.Assign(opener.line(), target, expressions.expression()));
    }
    return new Statement.With(opener.line(), List.copyOf(assignments), closedBody(opener));
  }
}
