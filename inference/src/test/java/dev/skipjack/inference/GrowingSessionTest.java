package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions whose batches get longer, so that their buffers grow between them. */
class GrowingSessionTest {
  private static final int[] BATCHES = {1, 2, 4, 13};

  @TempDir private Path directory;

  private static int[] tokens(LanguageModel model) {
    int[] tokens = new int[Arrays.stream(BATCHES).sum()];
    Arrays.setAll(tokens, i -> (3 + 7 * i) % model.config().vocabularySize());
    return tokens;
  }

  private static float[][] logits(LanguageModel model, int... batches) {
    int[] tokens = tokens(model);
    float[][] logits = new float[tokens.length][];
    try (Session session = model.newSession()) {
      int from = 0;
      for (int batch : batches) {
        int[] part = Arrays.copyOfRange(tokens, from, from + batch);
        session.evaluate(part, (position, row) -> logits[position] = row.clone());
        from += batch;
      }
    }
    return logits;
  }

  private static void assertSame(Path path, String mode) {
    LoadOptions options =
        LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse(mode));
    try (LanguageModel model = LanguageModel.load(path, options)) {
      float[][] expected = logits(model, tokens(model).length);
      float[][] actual = logits(model, BATCHES);
      for (int t = 0; t < expected.length; t++) {
        assertThat(actual[t]).containsExactly(expected[t], within(1e-3f));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gguf/llama, dense",
    "gguf/llama, topk:32",
    "gguf/mixtral, dense",
    "special/powerinfer-llama-relu, predictor",
    "gguf/llama-relu, sign:0.5"
  })
  void longerBatchesContinueTheSameText(String name, String mode) {
    assertSame(Fixture.path(name + ".gguf"), mode);
  }

  @Test
  void theLowRankPartsOfInputsGrowToo() {
    assertSame(CalibratedLlama.golden(directory, "r-sparse"), "r-sparse");
  }
}
