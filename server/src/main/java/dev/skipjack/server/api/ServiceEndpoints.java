package dev.skipjack.server.api;

import dev.skipjack.server.http.Call;
import dev.skipjack.server.metrics.Metrics;
import dev.skipjack.server.schedule.SessionPool;
import java.io.IOException;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code GET /health} and {@code GET /metrics}: for those who run the server. */
public final class ServiceEndpoints {
  private final SessionPool sessions;
  private final Metrics metrics;

  public ServiceEndpoints(SessionPool sessions, Metrics metrics) {
    this.sessions = sessions;
    this.metrics = metrics;
  }

  /** Answers that the server is there. */
  public void health(Call call) throws IOException {
    call.json(JsonNodeFactory.instance.objectNode().put("status", "ok"));
  }

  /** Answers with what the server did. */
  public void metrics(Call call) throws IOException {
    call.text(Metrics.CONTENT_TYPE, metrics.expose(sessions));
  }
}
