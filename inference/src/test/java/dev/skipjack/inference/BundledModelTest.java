package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.models.tokenizer.SpecialTokens;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The bundled model against Hugging Face transformers on its dequantised weights. */
class BundledModelTest {
  private static LanguageModel model;
  private static JsonNode golden;

  @BeforeAll
  static void load() {
    model = LanguageModel.bundled(LoadOptions.DEFAULTS);
    golden = Fixture.json("stories/stories-relu2-Q8_0.golden.json");
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void promptsTokenizeAsTheReferenceDoes() {
    for (JsonNode expected : golden) {
      assertThat(model.tokenizer().encode(expected.get("prompt").asString(), SpecialTokens.PROMPT))
          .containsExactly(Fixture.ints(expected.get("ids")));
    }
  }

  @Test
  void lastLogitsAgree() {
    for (JsonNode expected : golden) {
      float[] reference = Fixture.floats(expected.get("last_logits"));
      try (Session session = model.newSession()) {
        float[] logits = session.evaluate(Fixture.ints(expected.get("ids")));
        float largest = 0;
        float difference = 0;
        for (int i = 0; i < reference.length; i++) {
          largest = Math.max(largest, Math.abs(reference[i]));
          difference = Math.max(difference, Math.abs(reference[i] - logits[i]));
        }
        assertThat(difference / largest).isLessThan(1e-3f);
      }
    }
  }

  @Test
  void greedyTextIsTheReferences() {
    for (JsonNode expected : golden) {
      try (Session session = model.newSession()) {
        StringBuilder streamed = new StringBuilder();
        GenerationResult result =
            session.generate(
                new GenerationRequest(
                    Fixture.ints(expected.get("ids")), 64, SamplingOptions.GREEDY, List.of(), true),
                text -> {
                  streamed.append(text);
                  return true;
                });
        assertThat(result.tokens()).containsExactly(Fixture.ints(expected.get("greedy_ids")));
        assertThat(result.text()).isEqualTo(streamed.toString());
      }
    }
  }

  @Test
  void equalSeedsGiveEqualText() {
    int[] prompt = model.tokenizer().encode("Once upon a time", SpecialTokens.PROMPT);
    String first = sample(prompt, 7);
    assertThat(sample(prompt, 7)).isEqualTo(first);
    assertThat(sample(prompt, 8)).isNotEqualTo(first);
  }

  private static String sample(int[] prompt, long seed) {
    try (Session session = model.newSession()) {
      return session
          .generate(
              new GenerationRequest(prompt, 40, SamplingOptions.defaults(seed), List.of(), true),
              text -> true)
          .text();
    }
  }
}
