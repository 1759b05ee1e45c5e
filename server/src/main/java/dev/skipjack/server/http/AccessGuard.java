package dev.skipjack.server.http;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may ask. Pages of other sites may not, whatever a visitor's browser can reach: their {@code
 * Origin} is not the server's own, and no answer carries {@code Access-Control-Allow-Origin}. A
 * server on a loopback address also refuses any {@code Host} that does not name one, because a page
 * may point a name of its own at that address. Immutable.
 *
 * <p>A reverse proxy therefore has to send a loopback name as {@code Host} and no {@code Origin}.
 */
public final class AccessGuard {
  private static final String BEARER = "bearer ";

  private final Optional<String> host;
  private final Optional<byte[]> key;

  /**
   * @param host the name that was given for a loopback address; empty for any other address
   * @param key what requests must bring
   */
  public AccessGuard(Optional<String> host, Optional<String> key) {
    this.host = host.map(name -> name.toLowerCase(Locale.ROOT));
    this.key = key.map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Checks where a request comes from.
   *
   * @throws ApiException with status 403 if it is a page of another site
   */
  public void checkSite(Headers headers) {
    String wanted = Optional.ofNullable(headers.getFirst("Host")).orElse("");
    if (host.isPresent() && !isLoopback(hostName(wanted))) {
      throw new ApiException(
          ErrorKind.FORBIDDEN,
          "Host header: found \"%s\", expected localhost or a loopback address, on which the server listens"
              .formatted(wanted));
    }
    String origin = headers.getFirst("Origin");
    if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(wanted)) {
      throw new ApiException(
          ErrorKind.FORBIDDEN,
          "Origin header: found \"%s\", expected that of the server itself; pages of other sites may not use it"
              .formatted(origin));
    }
  }

  /**
   * Checks the API key, in a time that does not depend on how much of it is right.
   *
   * @throws ApiException with status 401 if one is needed and another or none is given
   */
  public void checkKey(Headers headers) {
    if (key.isEmpty()) {
      return;
    }
    String authorization = Optional.ofNullable(headers.getFirst("Authorization")).orElse("");
    boolean bearer = authorization.toLowerCase(Locale.ROOT).startsWith(BEARER);
    String given = bearer ? authorization.substring(BEARER.length()).strip() : "";
    if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), key.get())) {
      throw new ApiException(
          ErrorKind.UNAUTHORIZED,
          "",
          "invalid_api_key",
          "Authorization header: found %s, expected \"Bearer\" and the API key of this server"
              .formatted(given.isEmpty() ? "no API key" : "another API key"));
    }
  }

  private boolean isLoopback(String name) {
    if (name.equals("localhost") || host.filter(name::equals).isPresent()) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(name).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The name without the port; empty if it is not what a browser would send. */
  private static String hostName(String header) {
    try {
      String name = URI.create("http://" + header + "/").getHost();
      return name == null ? "" : name.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
