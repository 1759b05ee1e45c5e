package dev.skipjack.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Server-sent events, each on its way when the call returns. One thread at a time. */
public final class EventStream {
  private final OutputStream out;
  private final JsonMapper mapper;

  EventStream(OutputStream out, JsonMapper mapper) {
    this.out = out;
    this.mapper = mapper;
  }

  /**
   * Sends an event.
   *
   * @throws IOException if the client went away
   */
  public void send(JsonNode event) throws IOException {
    // JSON has no line ends of its own here, so an event is one line.
    write("data: " + mapper.writeValueAsString(event));
  }

  /** Sends what a client ignores, to learn whether it is still there. */
  public void ping() throws IOException {
    write(": computing");
  }

  /** Says that nothing follows. */
  public void done() throws IOException {
    write("data: [DONE]");
  }

  private void write(String line) throws IOException {
    out.write((line + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
