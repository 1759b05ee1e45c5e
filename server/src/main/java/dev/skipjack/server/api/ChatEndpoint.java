package dev.skipjack.server.api;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.chat.ChatFormat;
import dev.skipjack.models.chat.ChatMessage;
import dev.skipjack.models.chat.ChatTemplateException;
import dev.skipjack.server.http.ApiException;
import dev.skipjack.server.http.Call;
import dev.skipjack.server.http.Endpoint;
import dev.skipjack.server.http.ErrorKind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code POST /v1/chat/completions}: the next message of a conversation. */
public final class ChatEndpoint implements Endpoint {
  private static final String MESSAGES = "messages";
  private static final int UNTIL_FULL = -1;

  private final Answering answering;
  private final ChatFormat format;
  private final String modelId;

  public ChatEndpoint(Answering answering, ChatFormat format, String modelId) {
    this.answering = answering;
    this.format = format;
    this.modelId = modelId;
  }

  @Override
  public void answer(Call call) throws IOException, InterruptedException {
    Fields request = new Fields(call.object());
    AnswerOptions options =
        AnswerOptions.read(request, modelId, UNTIL_FULL).alsoStoppingAt(format.stopStrings());
    int[] prompt = prompt(request, MessageReader.messages(request));
    answering.answer(call, AnswerShape.CHAT, MESSAGES, prompt, options);
  }

  private int[] prompt(Fields request, List<ChatMessage> messages) {
    boolean wanted = !request.string("tool_choice").equals(Optional.of("none"));
    List<Map<String, Object>> tools = wanted ? MessageReader.tools(request) : List.of();
    try {
      return format.encode(messages, tools, MessageReader.variables(request));
    } catch (ChatTemplateException | ModelFormatException e) {
      throw new ApiException(ErrorKind.INVALID, MESSAGES, "", e.getMessage());
    }
  }
}
