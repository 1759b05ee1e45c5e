package dev.skipjack.server;

import java.util.Optional;

/**
 * How a model is served.
 *
 * @param host name or address to listen on
 * @param port to listen on; 0 takes a free one
 * @param apiKey what requests must bring as a bearer token; empty lets everyone in
 * @param parallel most sessions, each with a cache of its own; made when they are first needed
 * @param queue most requests that wait for a session; further ones are refused
 */
public record ServerOptions(
    String host, int port, Optional<String> apiKey, int parallel, int queue) {
  /** Reachable from this machine only. */
  public static final ServerOptions DEFAULTS =
      new ServerOptions("127.0.0.1", 8080, Optional.empty(), 2, 32);

  private static final int HIGHEST_PORT = 65535;

  public ServerOptions {
    require(!host.isBlank(), "host", "\"\"", "a name or an address");
    require(port >= 0 && port <= HIGHEST_PORT, "port", port, "0 to " + HIGHEST_PORT);
    require(parallel >= 1, "parallel sessions", parallel, "1 or more");
    require(queue >= 0, "waiting requests", queue, "0 or more");
    // The value stays out of the message: it may be a typing error away from the real one.
    require(
        apiKey.isEmpty() || apiKey.get().chars().allMatch(c -> c > ' ' && c < 0x7f),
        "API key",
        "blanks or characters that are not ASCII",
        "visible ASCII characters");
    require(!apiKey.equals(Optional.of("")), "API key", "an empty one", "at least one character");
  }

  public ServerOptions withHost(String name) {
    return new ServerOptions(name, port, apiKey, parallel, queue);
  }

  public ServerOptions withPort(int number) {
    return new ServerOptions(host, number, apiKey, parallel, queue);
  }

  public ServerOptions withApiKey(String key) {
    return new ServerOptions(host, port, Optional.of(key), parallel, queue);
  }

  public ServerOptions withParallel(int sessions) {
    return new ServerOptions(host, port, apiKey, sessions, queue);
  }

  public ServerOptions withQueue(int requests) {
    return new ServerOptions(host, port, apiKey, parallel, requests);
  }

  /** Without the API key, which must not end up in logs. */
  @Override
  public String toString() {
    return "ServerOptions[host=%s, port=%d, apiKey=%s, parallel=%d, queue=%d]"
        .formatted(host, port, apiKey.isPresent() ? "given" : "none", parallel, queue);
  }

  private static void require(boolean holds, String what, Object found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s: found %s, expected %s".formatted(what, found, expected));
    }
  }
}
