package dev.skipjack.server.api;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.server.http.ApiException;
import dev.skipjack.server.http.Call;
import dev.skipjack.server.http.ErrorKind;
import java.io.IOException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /tokenize} and {@code POST /detokenize}: text to token ids and back. */
public final class TokenEndpoints {
  private static final String CONTENT = "content";
  private static final String TOKENS = "tokens";

  private final LanguageModel model;

  public TokenEndpoints(LanguageModel model) {
    this.model = model;
  }

  /** Answers with the ids of a text. */
  public void tokenize(Call call) throws IOException {
    Fields request = new Fields(call.object());
    String text = Fields.string(request.require(CONTENT, "a string"), CONTENT);
    SpecialTokens special = new SpecialTokens(request.flag("add_special", false), false);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode tokens = body.putArray(TOKENS);
    for (int id : encode(model, CONTENT, text, special)) {
      tokens.add(id);
    }
    call.json(body);
  }

  /** Answers with the text of ids. */
  public void detokenize(Call call) throws IOException {
    Fields request = new Fields(call.object());
    int[] ids =
        Fields.tokens(
            request.require(TOKENS, "an array of token ids"),
            TOKENS,
            model.tokenizer().vocabularySize());
    call.json(JsonNodeFactory.instance.objectNode().put(CONTENT, model.tokenizer().decode(ids)));
  }

  static int[] encode(LanguageModel model, String field, String text, SpecialTokens special) {
    try {
      return model.tokenizer().encode(text, special);
    } catch (ModelFormatException e) {
      throw new ApiException(ErrorKind.INVALID, field, "", e.getMessage());
    }
  }
}
