package dev.skipjack.server.http;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request that is refused or failed; the message is a sentence for the client. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;
  private final String parameter;
  private final String code;

  /**
   * @param parameter the field at fault; empty for none
   * @param code a word that programs may compare with; empty for none
   */
  public ApiException(ErrorKind kind, String parameter, String code, String message) {
    super(message);
    this.kind = kind;
    this.parameter = parameter;
    this.code = code;
  }

  public ApiException(ErrorKind kind, String message) {
    this(kind, "", "", message);
  }

  /** A field that cannot be used as it is. */
  public static ApiException invalid(String parameter, String found, String expected) {
    return new ApiException(
        ErrorKind.INVALID,
        parameter,
        "",
        "%s: found %s, expected %s".formatted(parameter, found, expected));
  }

  /** What a client hears of a failure that is not its own; the log says more. */
  public static ApiException internal() {
    return new ApiException(
        ErrorKind.INTERNAL, "the request failed inside the server, whose log says why");
  }

  public ErrorKind kind() {
    return kind;
  }

  /** The body of the response. */
  public ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode error = body.putObject("error");
    error.put("message", getMessage()).put("type", kind.type());
    putOrNull(error, "param", parameter);
    putOrNull(error, "code", code);
    return body;
  }

  private static void putOrNull(ObjectNode error, String name, String value) {
    if (value.isEmpty()) {
      error.putNull(name);
    } else {
      error.put(name, value);
    }
  }
}
