package dev.skipjack.kernels.tornado.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.inference.device.HotNeuronChoice;
import dev.skipjack.kernels.tornado.decoder.GoldenModel;
import dev.skipjack.kernels.tornado.decoder.HotFiles;
import dev.skipjack.kernels.tornado.decoder.NeuronMajor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled model on TornadoVM's default device against the processor. */
@Tag("device")
@EnabledIfSystemProperty(
    named = "tornado.load.runtime.implementation",
    matches = ".+",
    disabledReason = "TORNADOVM_HOME names no TornadoVM SDK")
class DeviceDecoderTest {
  private static final String QUANTISED =
      "/dev/skipjack/inference/fixtures/quant/llama-256-q8_0.gguf";
  private static final int[] PROMPT = {1, 429, 438, 261, 399};
  private static final LoadOptions OPTIONS = LoadOptions.DEFAULTS.withContextLength(64);

  private static int[] greedy(LoadOptions options) {
    try (LanguageModel model = LanguageModel.bundled(options)) {
      return generate(model, PROMPT);
    }
  }

  private static int[] generate(LanguageModel model, int[] prompt) {
    try (Session session = model.newSession()) {
      var request = new GenerationRequest(prompt, 40, SamplingOptions.GREEDY, List.of(), true);
      return session.generate(request, text -> true).tokens();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6})
  void generatesTheProcessorsTokens(int layers) {
    DeviceOptions device = DeviceOptions.of("tornado").withLayers(layers);

    assertThat(greedy(OPTIONS.withDevice(device))).isEqualTo(greedy(OPTIONS));
  }

  /** Its weights are mapped, not copied. */
  @Test
  void generatesTheProcessorsTokensFromAFile(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("model.gguf");
    try (InputStream in = getClass().getResourceAsStream(QUANTISED)) {
      Files.copy(in, model);
    }
    byte[] before = Files.readAllBytes(model);

    float[] expected = logits(model, OPTIONS);
    float[] found = logits(model, OPTIONS.withDevice(DeviceOptions.of("tornado")));

    assertThat(found).containsExactly(expected, within(0.02f));
    assertThat(Files.readAllBytes(model)).isEqualTo(before);
  }

  private static float[] logits(Path path, LoadOptions options) {
    try (LanguageModel model = LanguageModel.load(path, options);
        Session session = model.newSession()) {
      return session.evaluate(1, 2, 3, 4, 5).clone();
    }
  }

  /** The processor computes every second neuron of all layers. */
  @Test
  void sharesLayersWithTheProcessor(@TempDir Path folder) throws IOException {
    Path model = NeuronMajor.copy(GoldenModel.of("gguf/llama-relu").path(), folder);
    DeviceOptions device =
        DeviceOptions.of("tornado")
            .withSessions(1)
            .withMemoryBytes(HotFiles.bytesForAllBut(model, 8, 1))
            .withHotNeurons(HotNeuronChoice.parse(HotFiles.everySecond(model, folder).toString()));
    try (LanguageModel shared = LanguageModel.load(model, OPTIONS.withDevice(device));
        LanguageModel processor = LanguageModel.load(model, OPTIONS)) {
      assertThat(shared.compute()).contains("of the neurons of 2");
      assertThat(generate(shared, new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}))
          .isEqualTo(generate(processor, new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
    }
  }

  /** Two conversations take turns, on threads of their own. */
  @Test
  void conversationsDoNotDisturbEachOther() throws Exception {
    DeviceOptions device = DeviceOptions.of("tornado").withLayers(2).withSessions(2);
    int[] expected = greedy(OPTIONS);
    try (LanguageModel model = LanguageModel.bundled(OPTIONS.withDevice(device));
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      var first = threads.submit(() -> generate(model, PROMPT));
      var second = threads.submit(() -> generate(model, PROMPT));

      assertThat(first.get()).isEqualTo(expected);
      assertThat(second.get()).isEqualTo(expected);
    }
  }

  @Test
  void refusesAConversationThatItHasNoRoomFor() {
    DeviceOptions device = DeviceOptions.of("tornado").withLayers(1).withSessions(1);
    try (LanguageModel model = LanguageModel.bundled(OPTIONS.withDevice(device))) {
      model.newSession().close();
      try (Session session = model.newSession()) {
        assertThat(session.position()).isZero();
        assertThatThrownBy(model::newSession)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("device tornado:0:0: found 1 conversations in use");
      }
    }
  }

  @Test
  void refusesADeviceThatIsNotThere() {
    assertThatThrownBy(() -> greedy(OPTIONS.withDevice(DeviceOptions.of("tornado:0:99"))))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("device tornado:0:99: not found, expected one of tornado:0:0");
  }
}
