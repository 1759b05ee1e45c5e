package dev.skipjack.server.api;

import dev.skipjack.server.http.Call;
import dev.skipjack.server.http.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code GET /}: a page to chat with the model, which loads nothing from anywhere else. */
public final class ChatPage implements Endpoint {
  private static final String RESOURCE = "chat.html";

  /** Even text that slipped into the page as markup could neither load nor send anything. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src"
          + " 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final String page;

  public ChatPage() {
    try (InputStream in = ChatPage.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing from this build");
      }
      this.page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void answer(Call call) throws IOException {
    call.header("Content-Security-Policy", POLICY).header("X-Content-Type-Options", "nosniff");
    call.text("text/html; charset=utf-8", page);
  }
}
