package dev.skipjack.server.http;

import java.io.IOException;

/** Answers requests of one method and path. Used by many threads at once. */
@FunctionalInterface
public interface Endpoint {
  /**
   * Answers one request.
   *
   * @throws ApiException if it is refused
   * @throws IOException if the client went away
   * @throws InterruptedException if the server stops
   */
  void answer(Call call) throws IOException, InterruptedException;
}
