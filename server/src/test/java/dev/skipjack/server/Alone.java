package dev.skipjack.server;

import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import java.util.List;

/** What the embedding API says without a server. */
final class Alone {
  private Alone() {}

  /** The most likely text after a prompt, whatever ends generation. */
  static String continuation(LanguageModel model, int[] prompt, int tokens) {
    try (Session session = model.newSession()) {
      GenerationRequest request =
          new GenerationRequest(prompt, tokens, SamplingOptions.GREEDY, List.of(), true);
      return session.generate(request, text -> true).text();
    }
  }
}
