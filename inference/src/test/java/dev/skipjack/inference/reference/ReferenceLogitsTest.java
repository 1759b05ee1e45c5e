package dev.skipjack.inference.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.inference.FeedForwardStatistics;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.SparsityMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The runtime against the formulas, for architectures and features that have no golden files. */
class ReferenceLogitsTest {
  private static final double TOLERANCE = 1e-3;
  private static final int[] PROMPT = TinyLayers.prompt(40);
  private static final TinyModels DIFFERENT = TinyModels.LAYERS_OF_DIFFERENT_WIDTHS;
  private static final int CONTINUATION = 24;

  @TempDir Path directory;

  static Stream<TinyModel> models() {
    return Stream.of(TinyModels.values(), TinyFamilies.values(), TinyRopes.values())
        .flatMap(Arrays::stream);
  }

  @ParameterizedTest
  @MethodSource("models")
  void logitsOfAWholePromptAgree(TinyModel tiny) {
    compareLogits(tiny, LoadOptions.DEFAULTS.withThreads(3), PROMPT.length);
  }

  @ParameterizedTest
  @MethodSource("models")
  void logitsOfSingleTokensAgree(TinyModel tiny) {
    compareLogits(tiny, LoadOptions.DEFAULTS.withThreads(1), 1);
  }

  @ParameterizedTest
  @MethodSource("models")
  void greedyContinuationsAgree(TinyModel tiny) {
    TinyModel.Pair pair = tiny.make();
    int[] expected = Arrays.copyOf(PROMPT, PROMPT.length + CONTINUATION);
    int[] actual = expected.clone();
    for (int end = PROMPT.length; end < expected.length; end++) {
      expected[end] = best(pair.reference().logits(Arrays.copyOf(expected, end))[end - 1]);
    }
    try (LanguageModel model = load(pair, LoadOptions.DEFAULTS);
        Session session = model.newSession()) {
      float[] logits = session.evaluate(PROMPT);
      for (int end = PROMPT.length; end < actual.length; end++) {
        actual[end] = best(widen(logits));
        logits = session.evaluate(actual[end]);
      }
    }
    assertThat(actual).containsExactly(expected);
  }

  /** Sparsity with parameters that leave out zeros only, over layers of different widths. */
  @ParameterizedTest
  @ValueSource(strings = {"exact", "cats:0", "topk:96", "reuse:64", "sign:99"})
  void sparseLayersOfDifferentWidthsAgree(String mode) {
    FeedForwardStatistics single = compareLogits(DIFFERENT, sparse(mode), 1);
    compareLogits(DIFFERENT, sparse(mode), PROMPT.length);

    assertThat(single.bytesRead()).isLessThan(single.bytesTotal());
  }

  /** Keeping all neurons of a layer is no reason to compute them one by one. */
  @Test
  void allNeuronsOfLayersOfDifferentWidthsAgree() {
    compareLogits(DIFFERENT, sparse("griffin:1"), 1);
    compareLogits(DIFFERENT, sparse("griffin:1"), PROMPT.length);
  }

  /** ReGLU experts that skip their zeros, one token at a time and many. */
  @ParameterizedTest
  @EnumSource(
      value = TinyModels.class,
      names = {"SMALL_THINKER", "SMALL_THINKER_WITH_SIGMOID", "SMALL_THINKER_WITHOUT_WINDOW"})
  void expertsThatSkipZerosEqualDenseOnes(TinyModels tiny) {
    TinyModel.Pair pair = tiny.make();
    for (String mode : List.of("exact", "cats:0")) {
      try (LanguageModel sparse = load(pair, sparse(mode).withDenseAbove(1));
          LanguageModel dense = load(pair, sparse("dense"))) {
        for (int batch : new int[] {1, 2, PROMPT.length}) {
          double[][] expected = logits(dense, batch);
          assertThat(difference(logits(sparse, batch), expected)).isLessThan(1e-4);
        }
        assertThat(greedy(sparse)).containsExactly(greedy(dense));
      }
    }
    FeedForwardStatistics exact = compareLogits(tiny, sparse("exact"), 1);
    FeedForwardStatistics all = compareLogits(tiny, sparse("dense"), 1);
    assertThat(exact.density()).isLessThan(0.8 * all.density());
    assertThat(exact.bytesRead()).isLessThan(all.bytesRead());
    assertThat(compareLogits(tiny, LoadOptions.DEFAULTS, 1).mode()).isEqualTo("exact");
  }

  private static double[][] logits(LanguageModel model, int batch) {
    double[][] actual = new double[PROMPT.length][];
    try (Session session = model.newSession()) {
      for (int start = 0; start < PROMPT.length; start += batch) {
        session.evaluate(
            Arrays.copyOfRange(PROMPT, start, start + batch),
            (position, logits) -> actual[position] = widen(logits));
      }
    }
    return actual;
  }

  private static int[] greedy(LanguageModel model) {
    int[] tokens = new int[CONTINUATION];
    try (Session session = model.newSession()) {
      float[] logits = session.evaluate(PROMPT);
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = best(widen(logits));
        logits = session.evaluate(tokens[i]);
      }
    }
    return tokens;
  }

  private static LoadOptions sparse(String mode) {
    return LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse(mode));
  }

  /** Logits of every position, fed in batches of so many tokens. */
  private FeedForwardStatistics compareLogits(TinyModel tiny, LoadOptions options, int batch) {
    TinyModel.Pair pair = tiny.make();
    double[][] expected = pair.reference().logits(PROMPT);
    try (LanguageModel model = load(pair, options);
        Session session = model.newSession()) {
      double[][] actual = new double[PROMPT.length][];
      for (int start = 0; start < PROMPT.length; start += batch) {
        session.evaluate(
            Arrays.copyOfRange(PROMPT, start, start + batch),
            (position, logits) -> actual[position] = widen(logits));
      }
      assertThat(difference(actual, expected)).isLessThan(TOLERANCE);
      return session.feedForward();
    }
  }

  /** The largest difference, relative to the largest expected value; NaN if there is one. */
  private static double difference(double[][] actual, double[][] expected) {
    double largest = 0;
    double difference = 0;
    for (int t = 0; t < expected.length; t++) {
      for (int i = 0; i < expected[t].length; i++) {
        largest = Math.max(largest, Math.abs(expected[t][i]));
        difference = Math.max(difference, Math.abs(expected[t][i] - actual[t][i]));
      }
    }
    return difference / largest;
  }

  private LanguageModel load(TinyModel.Pair pair, LoadOptions options) {
    return LanguageModel.load(pair.file().write(directory.resolve("tiny.gguf")), options);
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  private static int best(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
