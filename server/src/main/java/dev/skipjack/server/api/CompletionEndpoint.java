package dev.skipjack.server.api;

import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.server.http.ApiException;
import dev.skipjack.server.http.Call;
import dev.skipjack.server.http.Endpoint;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/completions}: continues a text or token ids. */
public final class CompletionEndpoint implements Endpoint {
  private static final String PROMPT = "prompt";

  /** What the OpenAI API takes when a request does not say. */
  private static final int MOST_TOKENS = 16;

  private final Answering answering;
  private final String modelId;

  public CompletionEndpoint(Answering answering, String modelId) {
    this.answering = answering;
    this.modelId = modelId;
  }

  @Override
  public void answer(Call call) throws IOException, InterruptedException {
    Fields request = new Fields(call.object());
    AnswerOptions options = AnswerOptions.read(request, modelId, MOST_TOKENS);
    answering.answer(call, AnswerShape.TEXT, PROMPT, prompt(request), options);
  }

  private int[] prompt(Fields request) {
    JsonNode prompt = request.require(PROMPT, "a string or an array of token ids");
    if (prompt.isString()) {
      return TokenEndpoints.encode(
          answering.model(), PROMPT, prompt.stringValue(), SpecialTokens.PROMPT);
    }
    if (prompt.isArray() && !prompt.isEmpty() && !prompt.get(0).isNumber()) {
      throw ApiException.invalid(
          PROMPT, "an array of other things", "one prompt, a string or an array of token ids");
    }
    return Fields.tokens(prompt, PROMPT, answering.model().config().vocabularySize());
  }
}
