package dev.skipjack.server.http;

import java.util.List;

/**
 * Where an endpoint is.
 *
 * @param path the whole path; one that ends with {@code /*} stands for all that begin so
 * @param open whether no API key is needed
 */
public record Route(String method, String path, boolean open, Endpoint endpoint) {
  private static final String ANY = "*";

  public static Route get(String path, Endpoint endpoint) {
    return new Route("GET", path, false, endpoint);
  }

  public static Route post(String path, Endpoint endpoint) {
    return new Route("POST", path, false, endpoint);
  }

  /** A page or a sign of life, for which no API key is needed. */
  public static Route open(String path, Endpoint endpoint) {
    return new Route("GET", path, true, endpoint);
  }

  /** What requests may ask: what can be fetched has a head too. */
  List<String> methods() {
    return method.equals("GET") ? List.of(method, "HEAD") : List.of(method);
  }

  boolean matches(String requested) {
    return path.endsWith(ANY)
        ? requested.startsWith(path.substring(0, path.length() - ANY.length()))
        : requested.equals(path);
  }
}
