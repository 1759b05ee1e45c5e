package dev.skipjack.kernels.tornado.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.CacheType;
import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.calibration.SparsifyOptions.Down;
import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.inference.device.HotNeuronChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers whose hot neurons a device computes and whose cold ones are the processor's. */
class SharedLayersTest {
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS
          .withThreads(2)
          .withContextLength(64)
          .withCacheType(CacheType.parse("f32"));

  @TempDir private Path folder;

  private static DeviceOptions device(Path hot, long bytes) {
    return DeviceOptions.of("java")
        .withMemoryBytes(bytes)
        .withSessions(1)
        .withHotNeurons(new HotNeuronChoice(true, Optional.of(hot)));
  }

  private static float[] logits(Path path, LoadOptions options, int[] tokens) {
    try (LanguageModel model = LanguageModel.load(path, options);
        Session session = model.newSession()) {
      int vocabulary = model.config().vocabularySize();
      float[] logits = new float[tokens.length * vocabulary];
      session.evaluate(
          tokens,
          (position, row) -> System.arraycopy(row, 0, logits, position * vocabulary, vocabulary));
      return logits;
    }
  }

  private static int[] greedy(Path path, LoadOptions options, int[] prompt) {
    try (LanguageModel model = LanguageModel.load(path, options);
        Session session = model.newSession()) {
      var request = new GenerationRequest(prompt, 12, SamplingOptions.GREEDY, List.of(), true);
      return session.generate(request, text -> true).tokens();
    }
  }

  private static String compute(Path path, LoadOptions options) {
    try (LanguageModel model = LanguageModel.load(path, options)) {
      return model.compute();
    }
  }

  /** One layer has some of its neurons on the device, the other none. */
  @ParameterizedTest
  @CsvSource({
    "gguf/llama, dense",
    "gguf/llama, 'cats:0.02,0.05'",
    "gguf/llama-relu, exact",
    "gguf/arcee-relu2, exact",
    "gguf/gemma2, dense",
    "gguf/gemma3, dense",
    "gguf/granite, dense",
    "gguf/olmo2, dense",
    "gguf/qwen2, dense",
    "special/bamboo-drelu, exact",
    "special/powerinfer-bamboo, predictor",
    "special/powerinfer-bamboo, 'predictor:-0.1,0.1'",
    "special/powerinfer-llama-relu, predictor",
  })
  void bothPartsAddUpToTheProcessorsResult(String name, String sparsity) throws IOException {
    GoldenModel golden = GoldenModel.of(name);
    Path model = NeuronMajor.copy(golden.path(), folder);
    LoadOptions options = OPTIONS.withSparsity(SparsityMode.parse(sparsity));
    Path hot = HotFiles.everySecond(model, folder);
    LoadOptions shared =
        options.withDevice(device(hot, HotFiles.bytesForAllBut(model, JavaBackend.BATCH, 1)));
    float[] expected = logits(model, options, golden.prompt());

    assertThat(compute(model, shared)).contains("Java, 0 to").contains("% of the neurons of ");
    float tolerance = 1e-3f * golden.largestLogit();
    assertThat(logits(model, shared, golden.prompt())).containsExactly(expected, within(tolerance));
    assertThat(greedy(model, shared, golden.prompt()))
        .isEqualTo(greedy(model, options, golden.prompt()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"quant/llama-256-q8_0", "quant/llama-256-q4_k"})
  void rowsOfQuantisedWeightsAreDividedToo(String name) throws IOException {
    GoldenModel golden = GoldenModel.of(name);
    // Transposed weights were rounded once more: the processor must not read the others.
    Path model = NeuronMajor.copy(golden.path(), folder, Down.REPLACE);
    DeviceOptions device =
        device(
            HotFiles.counts(model, folder),
            HotFiles.bytesForAllBut(model, JavaBackend.BATCH, 20_000));
    LoadOptions options = OPTIONS.withSparsity(SparsityMode.DENSE);
    float[] expected = logits(model, options, golden.prompt());

    assertThat(compute(model, options.withDevice(device))).contains("of the neurons of 1");
    assertThat(logits(model, options.withDevice(device), golden.prompt()))
        .containsExactly(expected, within(0.03f * golden.largestLogit()));
  }

  @Test
  void countsFillTheMemoryThatThereIs() throws IOException {
    GoldenModel golden = GoldenModel.of("gguf/llama-relu");
    Path model = NeuronMajor.copy(golden.path(), folder);
    Path hot = HotFiles.counts(model, folder);
    long all = HotFiles.bytesForAllBut(model, JavaBackend.BATCH, 0);
    int before = 101;
    for (int part = 0; part < 6; part++) {
      String compute = compute(model, OPTIONS.withDevice(device(hot, all - part * all / 50)));
      assertThat(compute).contains("0 to 1");
      int percent = part == 0 ? 100 : Integer.parseInt(compute.replaceAll(".*\\((\\d+) %.*", "$1"));
      assertThat(percent).isLessThanOrEqualTo(before);
      before = percent;
    }
    assertThat(before).isBetween(1, 99);
  }

  @Test
  void saysWhyALayerCannotBeSplit() throws IOException {
    GoldenModel golden = GoldenModel.of("gguf/llama-relu");
    Path hot = HotFiles.everySecond(golden.path(), folder);

    assertThatThrownBy(
            () ->
                LanguageModel.load(golden.path(), OPTIONS.withDevice(device(hot, Long.MAX_VALUE))))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("layer 0 cannot be split, it has no neuron-major down projection");
  }

  @Test
  void usesWhatLiesBesideTheModelOnlyWhereLayersDoNotFit() throws IOException {
    GoldenModel golden = GoldenModel.of("gguf/llama-relu");
    Path model = NeuronMajor.copy(golden.path(), folder);
    Files.copy(HotFiles.everySecond(model, folder), Path.of(model + ".generated.gpuidx"));
    DeviceOptions device = DeviceOptions.of("java").withSessions(1);
    long little = HotFiles.bytesForAllBut(model, JavaBackend.BATCH, 1);

    assertThat(compute(model, OPTIONS.withDevice(device))).contains("0 to 1").doesNotContain("%");
    assertThat(compute(model, OPTIONS.withDevice(device.withMemoryBytes(little)))).contains("%");
    assertThat(
            compute(
                model,
                OPTIONS.withDevice(
                    device.withMemoryBytes(little).withHotNeurons(HotNeuronChoice.OFF))))
        .contains("1 to 1")
        .doesNotContain("%");
  }
}
