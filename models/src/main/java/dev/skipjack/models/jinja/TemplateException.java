package dev.skipjack.models.jinja;

/**
 * A template that cannot be parsed, or whose evaluation fails, exceeds a limit or raises an
 * exception of its own. The message is one sentence; the line counts from 1.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int UNKNOWN_LINE = 0;

  private final int line;
  private final String reason;

  /** A failure whose line the evaluator adds when it passes the enclosing statement. */
  TemplateException(String reason) {
    this(reason, UNKNOWN_LINE);
  }

  TemplateException(String reason, int line) {
    super(line == UNKNOWN_LINE ? reason : "line " + line + ": " + reason);
    this.line = line;
    this.reason = reason;
  }

  /** The same failure with a position, unless it already has one. */
  TemplateException at(int enclosingLine) {
    if (line != UNKNOWN_LINE) {
      return this;
    }
    TemplateException located = new TemplateException(reason, enclosingLine);
    located.setStackTrace(getStackTrace());
    return located;
  }

  /** The line of the template source, from 1. */
  public int line() {
    return line;
  }

  /** The message without the line. */
  public String reason() {
    return reason;
  }
}
