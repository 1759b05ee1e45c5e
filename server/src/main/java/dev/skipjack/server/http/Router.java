package dev.skipjack.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.skipjack.server.metrics.Metrics;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the endpoint of a request, and turns every failure into a response. Thread-safe. */
public final class Router implements HttpHandler {
  private static final System.Logger LOG = System.getLogger("dev.skipjack.server");

  /** Seconds after which a refused client may try again. */
  private static final String RETRY_SECONDS = "1";

  /** The endpoint in the metrics of requests for none. */
  private static final String NOWHERE = "other";

  private final List<Route> routes;
  private final AccessGuard guard;
  private final Metrics metrics;

  public Router(List<Route> routes, AccessGuard guard, Metrics metrics) {
    this.routes = List.copyOf(routes);
    this.guard = guard;
    this.metrics = metrics;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = Call.path(exchange);
    List<Route> here = routes.stream().filter(route -> route.matches(path)).toList();
    String endpoint = here.stream().findFirst().map(Route::path).orElse(NOWHERE);
    Call call = new Call(exchange, status -> metrics.count(endpoint, status));
    try (exchange) {
      answer(call, exchange, here);
    } catch (IOException e) {
      // The client went away; nobody is left to tell.
      LOG.log(System.Logger.Level.DEBUG, "a client went away", e);
    } finally {
      if (call.status() == 0) {
        metrics.count(endpoint, 0);
      }
    }
  }

  private void answer(Call call, HttpExchange exchange, List<Route> here) throws IOException {
    try {
      guard.checkSite(exchange.getRequestHeaders());
      if (exchange.getRequestMethod().equals("OPTIONS") && !here.isEmpty()) {
        call.header("Allow", allowed(here)).empty();
        return;
      }
      if (here.stream().noneMatch(Route::open)) {
        guard.checkKey(exchange.getRequestHeaders());
      }
      find(call, exchange, here).endpoint().answer(call);
    } catch (ApiException e) {
      fail(call, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(call, new ApiException(ErrorKind.UNAVAILABLE, "the server is shutting down"));
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "%s: %s".formatted(call.path(), e), e);
      fail(call, ApiException.internal());
    }
  }

  private static Route find(Call call, HttpExchange exchange, List<Route> here) {
    if (here.isEmpty()) {
      throw new ApiException(
          ErrorKind.NOT_FOUND,
          "path: found %s, which this server does not have".formatted(call.path()));
    }
    String method = exchange.getRequestMethod();
    Optional<Route> route = here.stream().filter(r -> r.methods().contains(method)).findFirst();
    return route.orElseThrow(
        () -> {
          call.header("Allow", allowed(here));
          return new ApiException(
              ErrorKind.METHOD,
              "method: found %s, expected %s for %s".formatted(method, allowed(here), call.path()));
        });
  }

  private static String allowed(List<Route> here) {
    return Stream.concat(here.stream().flatMap(r -> r.methods().stream()), Stream.of("OPTIONS"))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static void fail(Call call, ApiException failure) throws IOException {
    if (call.status() != 0) {
      // The answer has begun; cutting it short is all that is left.
      return;
    }
    switch (failure.kind()) {
      case UNAUTHORIZED -> call.header("WWW-Authenticate", "Bearer");
      case UNAVAILABLE -> call.header("Retry-After", RETRY_SECONDS);
      case TOO_LARGE -> call.header("Connection", "close");
      default -> {}
    }
    call.fail(failure);
  }
}
