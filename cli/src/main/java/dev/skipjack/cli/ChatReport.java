package dev.skipjack.cli;

import dev.skipjack.inference.GenerationResult.Timings;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.measure.PeakMemory;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.Locale;

/** What a chat has to say for itself. */
record ChatReport(LanguageModel model, Session session, Chat chat, long seed) {
  /** The conversation and, answer by answer, what it took. */
  void write(Json json) {
    messages(json)
        .objects("answers", chat.answers(), ChatReport::write)
        .field("seed", seed)
        .object("ffn", f -> DensityReport.write(f, session.feedForward()));
  }

  /** The conversation alone, as a file. */
  String conversation() {
    StringWriter text = new StringWriter();
    Json.write(text, this::messages);
    return text + "\n";
  }

  private Json messages(Json json) {
    return json.field("model", model.source())
        .objects("messages", chat.dialogue().messages(), Dialogue::write);
  }

  private static void write(Json json, Chat.Answer answer) {
    Timings timings = answer.result().timings();
    json.field("finish_reason", answer.result().finishReason().name().toLowerCase(Locale.ROOT))
        .field("prompt_tokens", answer.kept() + timings.promptTokens())
        .field("cached_tokens", answer.kept())
        .field("tokens", timings.generatedTokens())
        .object("timings", t -> GenerationReport.writeTimings(t, timings));
  }

  /** Statistics for people. */
  void print(PrintStream err) {
    Text.fact(err, "context", "%d of %d tokens", session.position(), session.contextLength());
    if (!chat.answers().isEmpty()) {
      Chat.Answer last = chat.answers().getLast();
      Timings timings = last.result().timings();
      Text.fact(
          err,
          "prompt",
          "%d tokens and %d computed before, %.1f tokens/s",
          timings.promptTokens(),
          last.kept(),
          timings.prefillRate());
      Text.fact(
          err,
          "answer",
          "%d tokens, %.1f tokens/s, the first after %.2f s",
          timings.generatedTokens(),
          timings.decodeRate(),
          timings.firstTokenSeconds());
      Text.fact(err, "ffn", "%s", DensityReport.text(session.feedForward()));
    }
    PeakMemory.residentBytes()
        .ifPresent(bytes -> Text.fact(err, "peak memory", "%s", Text.bytes(bytes)));
  }
}
