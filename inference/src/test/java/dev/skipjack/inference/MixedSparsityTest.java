package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.measure.Perplexity;
import dev.skipjack.inference.measure.PerplexityOptions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers with modes of their own. */
class MixedSparsityTest {
  private static LanguageModel load(String name, String mode) {
    return LanguageModel.load(
        Fixture.path(name + ".gguf"),
        LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse(mode)));
  }

  /** Logits of all positions, none of which is a mere prompt, fed as one batch or one by one. */
  private static float[] logits(LanguageModel model, int[] tokens, boolean single) {
    int vocabulary = model.config().vocabularySize();
    float[] logits = new float[tokens.length * vocabulary];
    LogitsListener copy =
        (at, row) -> System.arraycopy(row, 0, logits, at * vocabulary, vocabulary);
    try (Session session = model.newSession()) {
      if (single) {
        for (int token : tokens) {
          session.evaluate(new int[] {token}, copy);
        }
      } else {
        session.evaluate(tokens, copy);
      }
    }
    return logits;
  }

  private static double relativeDifference(float[] actual, float[] expected) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return difference / largest;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gguf/llama-relu | exact,0=dense",
        "gguf/llama-relu | dense,1=exact",
        "gguf/llama-relu | cats:0,1=teal:0",
        "gguf/llama-relu | teal:0,0=exact",
        "gguf/llama-relu | exact,1=wina:1",
        "gguf/llama | dense,0=cats:0",
        "gguf/llama | teal:0,1=wina:1",
        "gguf/llama | wina:1,0-1=cats:0",
        "gguf/nemotron | sign:100,0=exact",
        "special/powerinfer-llama-relu | predictor:-inf,1=exact",
        "special/powerinfer-bamboo | exact,0=predictor:-inf"
      })
  void modesThatLoseNothingEqualDense(String name, String mode) {
    int[] prompt = Fixture.load(name).prompt();
    try (LanguageModel mixed = load(name, mode);
        LanguageModel dense = load(name, "dense")) {
      float[] reference = logits(dense, prompt, false);
      assertThat(relativeDifference(logits(mixed, prompt, false), reference)).isLessThan(1e-4);
      assertThat(relativeDifference(logits(mixed, prompt, true), reference)).isLessThan(1e-4);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gguf/llama-relu | exact | dense,0-1=exact",
        "gguf/llama-relu | reuse:2 | exact,0=reuse:2,1=reuse:2",
        "gguf/llama-relu | sign:0.9 | dense,0=sign:0.9,1=sign:0.9",
        "gguf/llama | cats:0.05,0.08 | dense,0=cats:0.05,1=cats:0.08",
        "gguf/llama | cats:0.05,0.08 | dense,0-1=cats:0.05,0.08",
        "gguf/llama | topk:32 | topk:9,0-1=topk:32",
        "gguf/llama | griffin:0.4 | dense,0-1=griffin:0.4",
        "gguf/llama | teal:0.1,0.2 | dense,0=teal:0.1,1=teal:0.2",
        "gguf/llama | wina:0.5 | cats:3,0-1=wina:0.5",
        "special/powerinfer-llama-relu | predictor | dense,0-1=predictor"
      })
  void layersOfOneModeAreThatMode(String name, String uniform, String byLayer) {
    int[] prompt = Fixture.load(name).prompt();
    try (LanguageModel one = load(name, uniform);
        LanguageModel other = load(name, byLayer)) {
      assertThat(logits(other, prompt, false)).containsExactly(logits(one, prompt, false));
      assertThat(logits(other, prompt, true)).containsExactly(logits(one, prompt, true));
    }
  }

  @Test
  void everyLayerIsCountedInItsOwnWay() {
    int[] prompt = Fixture.load("gguf/llama-relu").prompt();
    try (LanguageModel exact = load("gguf/llama-relu", "exact");
        LanguageModel teal = load("gguf/llama-relu", "teal:0.2");
        LanguageModel mixed = load("gguf/llama-relu", "exact,1=teal:0.2");
        LanguageModel half = load("gguf/llama-relu", "exact,1=dense")) {
      FeedForwardStatistics all = statistics(exact, prompt);
      FeedForwardStatistics some = statistics(half, prompt);
      assertThat(some.layerDensity()[0]).isEqualTo(all.layerDensity()[0]);
      assertThat(some.layerDensity()[1]).isEqualTo(1);
      assertThat(some.bytesRead()).isBetween(all.bytesRead() + 1, all.bytesTotal() - 1);
      FeedForwardStatistics both = statistics(mixed, prompt);
      assertThat(both.mode()).isEqualTo("exact,1=teal:0.2");
      assertThat(both.layerDensity()[0]).isEqualTo(all.layerDensity()[0]);
      assertThat(both.layerDensity()[1])
          .isCloseTo(statistics(teal, prompt).layerDensity()[1], within(0.05));
      assertThat(both.inputDensity()).isBetween(0.2, 0.95);
      assertThat(both.bytesRead()).isBetween(1L, some.bytesRead() - 1);
      assertThat(both.bytesTotal()).isEqualTo(all.bytesTotal());
      assertThat(mixed.describeSparsity())
          .startsWith("exact,1=teal:0.2: linear maps copied channel-major: ")
          .contains("; down projections copied neuron-major: ");
    }
  }

  private static FeedForwardStatistics statistics(LanguageModel model, int[] tokens) {
    try (Session session = model.newSession()) {
      for (int token : tokens) {
        session.evaluate(new int[] {token}, (at, row) -> {});
      }
      return session.feedForward();
    }
  }

  @Test
  void perplexityIsMeasuredUnderMixedModes() {
    String text =
        "Once upon a time there was a little fox who liked to run in the woods. ".repeat(8);
    PerplexityOptions windows = new PerplexityOptions(64, 0, 0, false);
    double[] perplexities =
        List.of("dense", "exact,0-1=cats:0,5=teal:0", "exact,5=topk:3").stream()
            .mapToDouble(
                mode -> {
                  LoadOptions options =
                      LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse(mode));
                  try (LanguageModel model = LanguageModel.bundled(options)) {
                    return Perplexity.of(model, text, windows, (done, total, value) -> {})
                        .perplexity();
                  }
                })
            .toArray();
    assertThat(perplexities[1]).isCloseTo(perplexities[0], within(0.02 * perplexities[0]));
    assertThat(perplexities[2]).isNotCloseTo(perplexities[0], within(1e-3 * perplexities[0]));
  }

  @Test
  void autoKeepsTheExceptions() {
    try (LanguageModel model = load("gguf/llama-relu", "auto,0=dense")) {
      assertThat(model.sparsity()).isEqualTo(SparsityMode.parse("exact,0=dense"));
      assertThat(model.denseAbove()[0]).isEqualTo(1);
      assertThat(model.denseAbove()[1]).isBetween(0.5, 0.99);
    }
  }

  @Test
  void theLimitMayBeGiven() {
    int[] prompt = Fixture.load("gguf/llama-relu").prompt();
    LoadOptions options =
        LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse("exact"));
    long[] bytes =
        Arrays.stream(new double[] {0, 1})
            .mapToLong(
                limit -> {
                  try (LanguageModel model =
                      LanguageModel.load(
                          Fixture.path("gguf/llama-relu.gguf"), options.withDenseAbove(limit))) {
                    assertThat(model.denseAbove()).containsOnly(limit);
                    assertThat(model.describeSparsity()).contains("(given)");
                    return statistics(model, prompt).bytesRead();
                  }
                })
            .toArray();
    assertThat(bytes[0]).isGreaterThan(bytes[1]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withDenseAbove(1.5))
        .withMessage("dense above: found 1.5, expected 0 to 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gguf/llama | dense,1-2=cats:1 | sparsity 1-2=cats:1.0: the model has layers 0 to 1",
        "gguf/llama | dense,1=exact | exact: silu has no exact zeros; use cats, or --ffn-activation"
            + " relu if the checkpoint was relufied",
        "gguf/llama | dense,1=teal | teal: the file is calibrated for nothing, not for teal; use"
            + " sparsify --method teal, or give a number as teal:T",
        "gguf/mixtral | dense,1=wina:0.5 | wina: the model is a mixture of experts, which reads"
            + " only the experts it needs; use dense"
      })
  void whatCannotBeServedIsExplained(String name, String mode, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> load(name, mode)).withMessage(message);
  }
}
