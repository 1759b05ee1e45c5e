package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.input.InputSparsity;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Models that leave out inputs, against independent implementations and against dense ones. */
class InputSparsityTest {
  @TempDir private Path directory;

  private static LoadOptions options(String mode) {
    return LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse(mode));
  }

  private static LanguageModel load(String name, String mode) {
    return LanguageModel.load(Fixture.path(name + ".gguf"), options(mode));
  }

  private Path calibrated(
      String method, ToDoubleFunction<LayerWeight> threshold, ToIntFunction<LayerWeight> rank) {
    return CalibratedLlama.write(directory, method, threshold, rank);
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

  /** Continues greedily without treating anything as a prompt. */
  private static int[] greedy(LanguageModel model, int[] prompt, int count) {
    int[] next = new int[1];
    int[] tokens = new int[count];
    LogitsListener argmax = (at, row) -> next[0] = argmax(row);
    try (Session session = model.newSession()) {
      session.evaluate(prompt, argmax);
      for (int i = 0; i < count; i++) {
        tokens[i] = next[0];
        session.evaluate(next.clone(), argmax);
      }
    }
    return tokens;
  }

  private static int argmax(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }

  private static double relativeDifference(float[] actual, float[] expected) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = Math.abs((double) actual[i] - expected[i]);
      difference = d > difference || Double.isNaN(d) ? d : difference;
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return difference / largest;
  }

  @ParameterizedTest
  @ValueSource(strings = {"teal", "wina", "r-sparse"})
  void goldensAgreeAtEveryPosition(String method) {
    JsonNode golden = Fixture.json("sparse/" + method + ".json");
    int[] prompt = Fixture.ints(golden.get("prompt"));
    int[] expected = Fixture.ints(golden.get("greedy"));
    float[] reference = Fixture.floats(Fixture.path("sparse/" + method + ".logits.f32"));
    try (LanguageModel model =
        LanguageModel.load(CalibratedLlama.golden(directory, method), options(method))) {
      assertThat(relativeDifference(logits(model, prompt, false), reference)).isLessThan(1e-4);
      assertThat(relativeDifference(logits(model, prompt, true), reference)).isLessThan(1e-4);
      assertThat(greedy(model, prompt, expected.length)).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gguf/llama, teal:0",
    "gguf/llama, wina:1",
    "gguf/arcee-relu2, teal:0",
    "gguf/gemma2, teal:0",
    "gguf/nemotron, wina:1",
    "gguf/phi3, teal:0",
    "special/powerinfer-llama-relu, teal:0",
    "quant/llama-256-f16, teal:0",
    "quant/llama-256-bf16, wina:1",
    "quant/llama-256-q4_0, teal:0",
  })
  void keepingEveryInputEqualsDense(String name, String mode) {
    int[] prompt = Fixture.load(name).prompt();
    try (LanguageModel sparse = load(name, mode);
        LanguageModel dense = load(name, "dense")) {
      float[] reference = logits(dense, prompt, false);
      assertThat(relativeDifference(logits(sparse, prompt, false), reference)).isLessThan(1e-4);
      assertThat(relativeDifference(logits(sparse, prompt, true), reference)).isLessThan(1e-4);
      assertThat(greedy(sparse, prompt, 32)).containsExactly(greedy(dense, prompt, 32));
    }
  }

  @Test
  void quantisingAnewLosesLittle() {
    int[] prompt = Fixture.load("quant/llama-256-q8_0").prompt();
    try (LanguageModel sparse = load("quant/llama-256-q8_0", "teal:0");
        LanguageModel dense = load("quant/llama-256-q8_0", "dense")) {
      assertThat(sparse.describeSparsity())
          .startsWith("teal:0.0: linear maps copied channel-major: Q8_0 as Q8_0, ")
          .endsWith(" (quantised anew), beside the originals");
      float[] reference = logits(dense, prompt, true);
      assertThat(relativeDifference(logits(sparse, prompt, true), reference)).isBetween(1e-6, 2e-2);
    }
  }

  /**
   * Channel-major copies in the file's own blocks multiply single tokens as int8 blocks like dense.
   * Sums are rounded in another order, which a few tokens see enlarged: those of which an input is
   * so near the middle of two integers that it is rounded to the other.
   */
  @ParameterizedTest
  @CsvSource({
    "quant/llama-256-q4_0, teal:0",
    "quant/llama-256-q4_0, wina:1",
    "quant/llama-256-q8_0, teal:0",
    "quant/llama-256-q8_0, wina:1",
  })
  void packedChannelsLoseNothing(String name, String mode) {
    int[] prompt = Fixture.load(name).prompt();
    Path path = Fixture.path(name + ".gguf");
    try (LanguageModel sparse = LanguageModel.load(path, options(mode).withRepack(Repack.ON));
        LanguageModel dense = LanguageModel.load(path, options("dense").withRepack(Repack.ON))) {
      assertThat(sparse.describeSparsity()).doesNotContain("anew").endsWith("beside the originals");
      float[] reference = logits(dense, prompt, true);
      float[] kept = logits(sparse, prompt, true);
      int vocabulary = reference.length / prompt.length;
      double[] differences = new double[prompt.length];
      for (int i = 0; i < prompt.length; i++) {
        differences[i] =
            relativeDifference(
                Arrays.copyOfRange(kept, i * vocabulary, (i + 1) * vocabulary),
                Arrays.copyOfRange(reference, i * vocabulary, (i + 1) * vocabulary));
      }
      Arrays.sort(differences);
      assertThat(differences[prompt.length / 2]).isLessThan(1e-5);
      assertThat(differences[prompt.length - 1]).isLessThan(0.03);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "quant/llama-256-q4_0, teal:0.3",
    "quant/llama-256-q8_0, wina:0.4",
  })
  void packedChannelsDoNotDependOnTheNumberOfThreads(String name, String mode) {
    int[] prompt = Fixture.load(name).prompt();
    LoadOptions packed = options(mode).withRepack(Repack.ON);
    float[][] results = new float[5][];
    for (int threads = 1; threads <= results.length; threads++) {
      try (LanguageModel model =
          LanguageModel.load(Fixture.path(name + ".gguf"), packed.withThreads(threads))) {
        results[threads - 1] = logits(model, prompt, true);
        assertThat(results[threads - 1]).containsExactly(results[0]);
      }
    }
  }

  /** The copy of a map is as large as the map, and single tokens read about what they keep. */
  @ParameterizedTest
  @ValueSource(strings = {"quant/llama-256-q4_0", "quant/llama-256-q8_0"})
  void packedChannelsCountWhatTheyRead(String name) {
    int[] prompt = Fixture.load(name).prompt();
    LoadOptions packed = options("wina:0.5").withRepack(Repack.ON);
    try (LanguageModel model = LanguageModel.load(Fixture.path(name + ".gguf"), packed);
        Session session = model.newSession()) {
      session.evaluate(prompt);
      session.evaluate(5);
      InputStatistics statistics = session.inputs().orElseThrow();
      assertThat(statistics.density()).isEqualTo(0.5);
      assertThat(model.copiedBytes())
          .isEqualTo(InputSparsity.copiedBytes(model.spec(), true))
          .isEqualTo(
              LayerWeight.of(model.spec()).stream()
                  .mapToLong(weight -> weight.spec().weight().byteSize())
                  .sum());
    }
  }

  @Test
  void fullRankEqualsDenseWhateverIsDropped() {
    int[] prompt = Fixture.load("gguf/llama").prompt();
    Path file =
        calibrated(
            "r-sparse", weight -> 0.6, weight -> Math.min(weight.outputs(), weight.inputs()));
    try (LanguageModel sparse = LanguageModel.load(file, options("r-sparse"));
        LanguageModel dense = load("gguf/llama", "dense")) {
      float[] reference = logits(dense, prompt, false);
      assertThat(relativeDifference(logits(sparse, prompt, false), reference)).isLessThan(1e-4);
      assertThat(relativeDifference(logits(sparse, prompt, true), reference)).isLessThan(1e-4);
      assertThat(greedy(sparse, prompt, 32)).containsExactly(greedy(dense, prompt, 32));
    }
  }

  @Test
  void withoutALowRankPartRSparseIsWina() {
    int[] prompt = Fixture.load("gguf/llama").prompt();
    ToDoubleFunction<LayerWeight> threshold = weight -> 0.3 + 0.1 * weight.layer();
    Path first = calibrated("r-sparse", threshold, weight -> CalibratedLlama.NO_FACTORS);
    Path second = calibrated("wina", threshold, weight -> CalibratedLlama.NO_FACTORS);
    try (LanguageModel rSparse = LanguageModel.load(first, options("r-sparse"));
        LanguageModel wina = LanguageModel.load(second, options("wina"))) {
      assertThat(logits(rSparse, prompt, true)).containsExactly(logits(wina, prompt, true));
    }
  }

  @Test
  void promptsAreDenseAndAnswersAreNot() {
    int[] prompt = Fixture.load("gguf/llama").prompt();
    try (LanguageModel sparse = load("gguf/llama", "teal:0.3");
        LanguageModel dense = load("gguf/llama", "dense");
        Session session = sparse.newSession();
        Session reference = dense.newSession()) {
      assertThat(session.evaluate(prompt)).containsExactly(reference.evaluate(prompt));
      assertThat(session.inputs().orElseThrow().density()).isEqualTo(1);
      assertThat(relativeDifference(session.evaluate(7), reference.evaluate(7)))
          .isGreaterThan(1e-2);
      assertThat(session.inputs().orElseThrow().density()).isLessThan(0.9);
    }
  }

  @Test
  void onlyScoredTokensAreMasked() {
    int[] tokens = Fixture.load("gguf/llama").prompt();
    int silent = 12;
    int[] prompt = Arrays.copyOf(tokens, silent);
    int vocabulary = 320;
    float[] together = new float[(tokens.length - silent) * vocabulary];
    float[] oneByOne = new float[together.length];
    try (LanguageModel model = load("gguf/llama", "teal:0.3");
        Session first = model.newSession();
        Session second = model.newSession()) {
      first.evaluate(
          tokens,
          silent,
          (at, row) -> System.arraycopy(row, 0, together, (at - silent) * vocabulary, vocabulary));
      second.evaluate(prompt);
      for (int i = silent; i < tokens.length; i++) {
        float[] row = second.evaluate(tokens[i]);
        System.arraycopy(row, 0, oneByOne, (i - silent) * vocabulary, vocabulary);
      }
    }
    assertThat(relativeDifference(together, oneByOne)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"teal", "wina", "r-sparse"})
  void logitsDoNotDependOnTheNumberOfThreads(String method) {
    int[] prompt = Fixture.load("gguf/llama").prompt();
    Path file = CalibratedLlama.golden(directory, method);
    float[][] results = new float[3][];
    for (int threads = 1; threads <= 3; threads++) {
      try (LanguageModel model = LanguageModel.load(file, options(method).withThreads(threads))) {
        results[threads - 1] = logits(model, prompt, true);
      }
    }
    assertThat(results[1]).containsExactly(results[0]);
    assertThat(results[2]).containsExactly(results[0]);
  }

  @Test
  void theFractionToKeepIsKept() {
    int[] prompt = Fixture.load("gguf/llama").prompt();
    try (LanguageModel model = load("gguf/llama", "wina:0.25");
        Session session = model.newSession()) {
      session.evaluate(prompt);
      session.evaluate(5);
      session.evaluate(6);
      InputStatistics statistics = session.inputs().orElseThrow();
      assertThat(statistics.density()).isEqualTo(0.25);
      assertThat(statistics.maps())
          .containsOnlyKeys(
              "attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_gate", "ffn_down");
      statistics.maps().values().forEach(layers -> assertThat(layers).containsOnly(0.25));
    }
  }

  @Test
  void statisticsCountInputsAndBytes() {
    int[] prompt = Fixture.load("gguf/llama").prompt();
    try (LanguageModel model = load("gguf/llama", "teal:0.2");
        Session single = model.newSession();
        Session batch = model.newSession()) {
      for (int token : prompt) {
        single.evaluate(new int[] {token}, (at, row) -> {});
      }
      InputStatistics statistics = single.inputs().orElseThrow();
      assertThat(statistics.density()).isBetween(0.3, 0.9);
      assertThat((double) statistics.bytesRead() / statistics.bytesTotal())
          .isCloseTo(statistics.density(), within(1e-9));
      FeedForwardStatistics network = single.feedForward();
      assertThat(network.inputDensity()).isEqualTo(statistics.density());
      assertThat(network.layerDensity()).containsExactly(statistics.maps().get("ffn_down"));
      assertThat(network.bytesRead()).isEqualTo(statistics.feedForwardBytesRead());
      batch.evaluate(prompt, (at, row) -> {});
      assertThat(batch.inputs().orElseThrow().density())
          .isCloseTo(statistics.density(), within(1e-3));
      assertThat(batch.inputs().orElseThrow().bytesRead())
          .isEqualTo(batch.inputs().orElseThrow().bytesTotal());
    }
  }

  @Test
  void lowRankPartsCountAsRead() {
    int rank = 4;
    Path file = calibrated("r-sparse", weight -> 1e9, weight -> rank);
    try (LanguageModel model = LanguageModel.load(file, options("r-sparse"));
        Session session = model.newSession()) {
      session.evaluate(new int[] {3}, (at, row) -> {});
      InputStatistics statistics = session.inputs().orElseThrow();
      assertThat(statistics.density()).isZero();
      long expected =
          LayerWeight.of(model.spec()).stream()
              .mapToLong(w -> (long) rank * (w.inputs() + w.outputs()) * Float.BYTES)
              .sum();
      assertThat(statistics.bytesRead()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gguf/llama   | teal     | teal: the file is calibrated for nothing, not for teal; use"
            + " sparsify --method teal, or give a number as teal:T",
        "gguf/llama   | r-sparse | r-sparse: the file is calibrated for nothing, not for r-sparse;"
            + " use sparsify --method r-sparse",
        "gguf/llama   | teal:1,2,3 | teal: found 3 numbers, expected one or one for each of 2"
            + " layers",
        "gguf/mixtral | wina:0.5 | wina: the model is a mixture of experts, which reads only the"
            + " experts it needs; use dense"
      })
  void whatCannotBeServedIsExplained(String name, String mode, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> load(name, mode)).withMessage(message);
  }

  @Test
  void badCalibrationIsExplained() throws IOException {
    Path target = directory.resolve("bad.gguf");
    Path good = calibrated("r-sparse", weight -> 0.1, weight -> 3);
    try (GgufFile file = GgufFile.open(good)) {
      GgufWriter writer = new GgufWriter().putAll(file.values());
      file.tensors().values().stream()
          .filter(tensor -> !tensor.name().equals("blk.1.ffn_up.sparse_v"))
          .forEach(writer::tensor);
      writer.write(target);
    }
    assertThatThrownBy(() -> LanguageModel.load(target, options("r-sparse")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tensor blk.1.ffn_up.sparse_v")
        .hasMessageContaining("[3, 64]");
    Path negative =
        calibrated("teal", weight -> -weight.layer(), weight -> CalibratedLlama.NO_FACTORS);
    assertThatThrownBy(() -> LanguageModel.load(negative, options("teal")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("key sparse.threshold.attn_q")
        .hasMessageContaining("-1.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"teal", "wina", "r-sparse"})
  void autoFollowsTheCalibration(String method) {
    int[] prompt = Fixture.load("gguf/llama").prompt();
    Path path = CalibratedLlama.golden(directory, method);
    try (LanguageModel asked = LanguageModel.load(path, options(method));
        LanguageModel auto = LanguageModel.load(path, options("auto"));
        LanguageModel mixed = LanguageModel.load(path, options("auto,0=dense"));
        GgufFile file = GgufFile.open(path)) {
      assertThat(auto.sparsity()).isEqualTo(SparsityMode.parse(method));
      assertThat(mixed.sparsity()).isEqualTo(SparsityMode.parse(method + ",0=dense"));
      assertThat(logits(auto, prompt, true)).containsExactly(logits(asked, prompt, true));
      assertThat(auto.describeSparsity()).endsWith("beside the originals");
      assertThat(MemoryNeeds.of(file, auto.spec()).copiedBytes())
          .isPositive()
          .isEqualTo(auto.copiedBytes());
    }
  }
}
