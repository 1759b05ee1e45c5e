package dev.skipjack.server.api;

import dev.skipjack.server.http.ApiException;
import dev.skipjack.server.http.Call;
import dev.skipjack.server.http.ErrorKind;
import java.io.IOException;
import java.time.Instant;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models} and what is below it: the one model there is. */
public final class ModelEndpoints {
  /** Where single models are, each under its id. */
  public static final String FOLDER = "/v1/models/";

  private final String id;
  private final long created = Instant.now().getEpochSecond();

  public ModelEndpoints(String id) {
    this.id = id;
  }

  /** Answers with a list of the model. */
  public void list(Call call) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
    body.putArray("data").add(model());
    call.json(body);
  }

  /** Answers with the model, if the path ends with its id. */
  public void one(Call call) throws IOException {
    String wanted = call.path().substring(FOLDER.length());
    if (!wanted.equals(id)) {
      throw new ApiException(
          ErrorKind.NOT_FOUND,
          "model",
          "model_not_found",
          "model: found \"%s\", expected \"%s\", the one this server has".formatted(wanted, id));
    }
    call.json(model());
  }

  private ObjectNode model() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", "model")
        .put("created", created)
        .put("owned_by", "skipjack");
  }
}
