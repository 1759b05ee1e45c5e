package dev.skipjack.bench.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.GenerationResult;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.models.tokenizer.TextDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelGeneratorTest {
  /** Rows of 64 suit blocks of 32. */
  private static final Shape SMALL = new Shape(64, 2, 2, 1, 32, 256, 320, true);

  /** Rows of 256 suit the K-quants. */
  private static final Shape WIDE = new Shape(256, 2, 4, 2, 64, 512, 320, false);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
  void everyTypeRuns(TensorType type) throws IOException {
    Shape shape = type.blockLength() == 256 ? WIDE : SMALL;
    Path file =
        generate(
            new SyntheticModel(
                shape,
                true,
                type,
                type,
                ActivationSpec.of("silu"),
                OptionalDouble.empty(),
                0,
                DownLayout.ROW,
                1));
    try (LanguageModel model = load(file);
        Session session = model.newSession()) {
      int[] prompt = model.tokenizer().encode("ba be bi", SpecialTokens.PROMPT);
      GenerationResult result =
          session.generate(
              new GenerationRequest(prompt, 4, SamplingOptions.GREEDY, List.of(), true),
              text -> true);
      assertThat(result.tokens()).hasSize(4);
      assertThat(session.evaluate(5)).doesNotContain(Float.NaN, Float.POSITIVE_INFINITY);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true,  relu,         0.10, Q8_0, ROW",
    "true,  relu,         0.30, Q4_0, NEURON",
    "true,  fatrelu:0.05, 0.25, F16,  BOTH",
    "false, relu2,        0.10, Q8_0, NEURON",
    "false, relu2,        0.70, F32,  ROW",
    "false, relu,         0.50, BF16, ROW"
  })
  void everyLayerHasTheDensityOnOtherTokensToo(
      boolean gated, String activation, double density, TensorType type, DownLayout down)
      throws IOException {
    Path file =
        generate(
            new SyntheticModel(
                SMALL,
                gated,
                type,
                type,
                ActivationSpec.parse(activation),
                OptionalDouble.of(density),
                0,
                down,
                2));
    try (NeuronProbe probe = new NeuronProbe(file)) {
      for (int layer = 0; layer < SMALL.layers(); layer++) {
        assertThat(probe.density(layer, words(400, SMALL.vocabulary())))
            .isCloseTo(density, within(0.015));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true, relu, Q8_0, 32", "false, relu2, Q4_0, 32", "true, relu, F16, 32"})
  void thePredictorMarksWhatIsActive(boolean gated, String activation, TensorType type, int rank)
      throws IOException {
    Path file =
        generate(
            new SyntheticModel(
                SMALL,
                gated,
                type,
                type,
                ActivationSpec.of(activation),
                OptionalDouble.of(0.2),
                rank,
                DownLayout.NEURON,
                3));
    int[] tokens = words(100, SMALL.vocabulary());
    try (NeuronProbe probe = new NeuronProbe(file)) {
      for (int layer = 0; layer < SMALL.layers(); layer++) {
        boolean[][] active = probe.active(layer, tokens);
        boolean[][] predicted = probe.predicted(layer, tokens);
        int both = 0;
        int actives = 0;
        int predictions = 0;
        int changed = 0;
        for (int t = 0; t < tokens.length; t++) {
          for (int i = 0; i < active[t].length; i++) {
            both += active[t][i] && predicted[t][i] ? 1 : 0;
            actives += active[t][i] ? 1 : 0;
            predictions += predicted[t][i] ? 1 : 0;
            changed += active[t][i] != active[0][i] ? 1 : 0;
          }
        }
        assertThat((double) both / actives).as("recall").isGreaterThan(0.97);
        assertThat((double) both / predictions).as("precision").isGreaterThan(0.97);
        assertThat((double) changed / actives).as("change between tokens").isGreaterThan(0.2);
      }
    }
  }

  @Test
  void noLayerWritesTheConstant() throws IOException {
    for (DownLayout down : DownLayout.values()) {
      Path file =
          generate(
              new SyntheticModel(
                  SMALL,
                  true,
                  TensorType.Q4_0,
                  TensorType.Q4_0,
                  ActivationSpec.of("relu"),
                  OptionalDouble.of(0.2),
                  0,
                  down,
                  4));
      try (NeuronProbe probe = new NeuronProbe(file)) {
        float[] residual = probe.residual(words(8, SMALL.vocabulary()));
        for (int t = 0; t < 8; t++) {
          assertThat(residual[t * SMALL.hidden()]).isEqualTo((float) DensityDesign.CONSTANT);
        }
      }
    }
  }

  @Test
  void theSeedDecidesTheBytes() throws IOException {
    byte[] first = Files.readAllBytes(generate(plain(7)));
    byte[] again = Files.readAllBytes(generate(plain(7)));
    byte[] other = Files.readAllBytes(generate(plain(8)));
    assertThat(again).isEqualTo(first);
    assertThat(other).hasSameSizeAs(first).isNotEqualTo(first);
  }

  @Test
  void predictorsAndLayoutsAreBoundAsAskedFor() throws IOException {
    Path file =
        generate(
            new SyntheticModel(
                WIDE,
                true,
                TensorType.Q4_K,
                TensorType.Q6_K,
                ActivationSpec.of("silu"),
                OptionalDouble.empty(),
                0,
                DownLayout.NEURON,
                5));
    try (LanguageModel model = load(file)) {
      Dense network = (Dense) model.spec().layers().getFirst().feedForward();
      assertThat(network.down().neuronMajor()).isTrue();
      assertThat(network.predictor()).isEmpty();
      assertThat(model.spec().output().linear().weight().type()).isEqualTo(TensorType.Q6_K);
      assertThat(model.config().hiddenSize()).isEqualTo(WIDE.hidden());
      assertThat(model.config().feedForwardLength()).isEqualTo(WIDE.feedForward());
    }
  }

  @Test
  void anyTextCanBeTokenized() throws IOException {
    try (LanguageModel model = load(generate(plain(9)))) {
      String text = "ba be zu\n\u00e9\u4e16";
      int[] ids = model.tokenizer().encode(text, SpecialTokens.NONE);
      TextDecoder decoder = model.tokenizer().newDecoder();
      StringBuilder decoded = new StringBuilder();
      for (int id : ids) {
        decoded.append(decoder.append(id));
      }
      assertThat(decoded.append(decoder.finish()).toString()).isEqualTo(text);
    }
  }

  @Test
  void choicesThatDoNotGoTogetherAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withDensity("silu", 0.1, 0))
        .withMessageContaining("exact zeros");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withDensity("relu", 1.5, 0))
        .withMessageContaining("between 0 and 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withDensity("relu", 0.1, 20))
        .withMessageContaining("multiple of 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> generate(withShape(new Shape(48, 1, 1, 1, 48, 64, 300, true))))
        .withMessageContaining("48");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Shape(64, 1, 3, 2, 32, 64, 300, true))
        .withMessageContaining("heads");
  }

  private static SyntheticModel plain(long seed) {
    return new SyntheticModel(
        SMALL,
        true,
        TensorType.Q8_0,
        TensorType.Q8_0,
        ActivationSpec.of("silu"),
        OptionalDouble.empty(),
        0,
        DownLayout.ROW,
        seed);
  }

  private static SyntheticModel withShape(Shape shape) {
    return new SyntheticModel(
        shape,
        true,
        TensorType.Q8_0,
        TensorType.Q8_0,
        ActivationSpec.of("silu"),
        OptionalDouble.empty(),
        0,
        DownLayout.ROW,
        1);
  }

  private static SyntheticModel withDensity(String activation, double density, int rank) {
    return new SyntheticModel(
        SMALL,
        true,
        TensorType.Q8_0,
        TensorType.Q8_0,
        ActivationSpec.of(activation),
        OptionalDouble.of(density),
        rank,
        DownLayout.ROW,
        1);
  }

  private Path generate(SyntheticModel model) throws IOException {
    Path file = Files.createTempFile(directory, "model", ".gguf");
    ModelGenerator.generate(model, file, 1);
    return file;
  }

  private static LanguageModel load(Path file) {
    return LanguageModel.load(file, LoadOptions.DEFAULTS.withThreads(1).withContextLength(64));
  }

  /** Other tokens than those the densities were calibrated with. */
  private static int[] words(int count, int vocabulary) {
    return new SplittableRandom(99)
        .ints(count, SyntheticVocabulary.FIRST_WORD, vocabulary)
        .toArray();
  }
}
