package dev.skipjack.models.jinja;

import java.time.ZonedDateTime;
import java.util.List;

/**
 * A parsed template in the dialect of Jinja2 that chat templates are written in: {@code
 * trim_blocks} and {@code lstrip_blocks} on, no autoescaping, loop controls, {@code generation}
 * blocks, no inclusion of other templates. Immutable and safe to share between threads.
 *
 * <p>Differences from the reference implementation: lazily evaluated results (of {@code map},
 * {@code select}, {@code dict.items()}, {@code range}) are lists; a macro accepts surplus arguments
 * even when it does not use them; lists can be appended to although the rest of the sandbox is
 * immutable; recursive loops and template inheritance are refused.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/">Template designer
 *     documentation</a>
 */
public final class Template {
  private final List<Statement> statements;
  private final Limits limits;

  private Template(List<Statement> statements, Limits limits) {
    this.statements = statements;
    this.limits = limits;
  }

  /**
   * Parses template source.
   *
   * @throws TemplateException if the source is not a template or exceeds the limits
   */
  public static Template parse(String source, Limits limits) {
    return new Template(Parser.parse(source, limits), limits);
  }

  /** Parses template source with default limits. */
  public static Template parse(String source) {
    return parse(source, Limits.DEFAULT);
  }

  /**
   * Renders the template.
   *
   * @param now what {@code strftime_now} sees
   * @throws TemplateException if evaluation fails, exceeds the limits, or the template raises it
   * @throws IllegalArgumentException if a variable holds an object that is not plain data
   */
  public Text render(Variables variables, ZonedDateTime now) {
    Budget budget = new Budget(limits);
    Evaluation evaluation = new Evaluation(budget, now);
    Scope globals = Scope.global(Globals.of(evaluation));
    variables.values(budget).forEach(globals::set);
    return new Interpreter(evaluation).run(statements, globals.inner());
  }
}
