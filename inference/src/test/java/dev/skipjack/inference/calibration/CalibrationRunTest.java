package dev.skipjack.inference.calibration;

import static dev.skipjack.inference.calibration.Calibrations.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.layer.Observer;
import dev.skipjack.kernels.Activations;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LayerSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an observer is shown, recomputed from the weights. */
class CalibrationRunTest {
  private static final List<int[]> WINDOWS = List.of(Calibrations.PROMPT, new int[] {1, 9, 33});

  /** Keeps a copy of everything one layer shows, all tokens one after the other. */
  private static final class Recorder implements Observer {
    private static final int LAYER = 1;

    private final List<String> calls = new ArrayList<>();
    private float[] residual = new float[0];
    private float[] normed = new float[0];
    private float[] preActivations = new float[0];
    private float[] neurons = new float[0];

    private static float[] append(float[] before, float[] more, int count) {
      float[] all = Arrays.copyOf(before, before.length + count);
      System.arraycopy(more, 0, all, before.length, count);
      return all;
    }

    @Override
    public void attentionInput(int layer, Activations input, int tokens) {
      calls.add("attentionInput %d %d".formatted(layer, tokens));
    }

    @Override
    public void attended(int layer, Activations attended, int tokens) {
      calls.add("attended %d %d".formatted(layer, tokens));
    }

    @Override
    public void feedForwardInput(int layer, float[] before, Activations input, int tokens) {
      calls.add("feedForwardInput %d %d".formatted(layer, tokens));
      if (layer == LAYER) {
        residual = append(residual, before, tokens * input.cols());
        normed = append(normed, input.values(), tokens * input.cols());
      }
    }

    @Override
    public void preActivations(int layer, float[] values, int tokens, int length) {
      calls.add("preActivations %d %d".formatted(layer, tokens));
      if (layer == LAYER) {
        preActivations = append(preActivations, values, tokens * length);
      }
    }

    @Override
    public void neurons(int layer, Activations values, int tokens) {
      calls.add("neurons %d %d".formatted(layer, tokens));
      if (layer == LAYER) {
        neurons = append(neurons, values.values(), tokens * values.cols());
      }
    }
  }

  private static CalibrationRun run(GgufFile file, DecoderSpec spec, int threads) {
    SparsifyOptions options =
        Calibrations.options(
            "cats", OptionalDouble.empty(), Map.of(), SparsifyOptions.Down.KEEP, threads, 0);
    return new CalibrationRun(
        file,
        spec,
        CalibrationText.NONE,
        options,
        Path.of("unused.gguf"),
        CalibrationListener.SILENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everyStageOfEveryBatchIsShownInOrder(int threads) {
    try (GgufFile file = GgufFile.open(fixture("gguf/arcee-relu2.gguf"))) {
      DecoderSpec spec = Architectures.describe(file);
      Recorder recorder = new Recorder();
      try (CalibrationRun run = run(file, spec, threads)) {
        run.observe("look", WINDOWS, recorder);
      }
      List<String> expected = new ArrayList<>();
      for (int[] window : WINDOWS) {
        for (LayerSpec layer : spec.layers()) {
          for (String stage :
              List.of(
                  "attentionInput", "attended", "feedForwardInput", "preActivations", "neurons")) {
            expected.add("%s %d %d".formatted(stage, layer.index(), window.length));
          }
        }
      }
      assertThat(recorder.calls).isEqualTo(expected);
      verify(spec.layers().get(Recorder.LAYER), recorder);
    }
  }

  /** Norm, up projection and squared ReLU in double precision. */
  private static void verify(LayerSpec layer, Recorder recorder) {
    Dense network = Networks.of(layer);
    float[] norm = layer.feedForwardNorm().orElseThrow().weight().toFloats();
    float epsilon = layer.feedForwardNorm().orElseThrow().epsilon();
    float[] up = network.up().weight().toFloats();
    int hidden = norm.length;
    int length = network.length();
    int tokens = WINDOWS.stream().mapToInt(window -> window.length).sum();
    for (int t = 0; t < tokens; t++) {
      double squares = 0;
      for (int c = 0; c < hidden; c++) {
        squares += Math.pow(recorder.residual[t * hidden + c], 2);
      }
      double[] x = new double[hidden];
      for (int c = 0; c < hidden; c++) {
        x[c] = recorder.residual[t * hidden + c] * norm[c] / Math.sqrt(squares / hidden + epsilon);
        assertThat((double) recorder.normed[t * hidden + c]).isCloseTo(x[c], within(1e-4));
      }
      for (int i = 0; i < length; i++) {
        double u = 0;
        for (int c = 0; c < hidden; c++) {
          u += up[i * hidden + c] * x[c];
        }
        assertThat((double) recorder.preActivations[t * length + i]).isCloseTo(u, within(1e-4));
        double a = Math.pow(Math.max(0, u), 2);
        assertThat((double) recorder.neurons[t * length + i]).isCloseTo(a, within(1e-4));
      }
    }
  }

  @Test
  void anInterruptEndsThePass() {
    try (GgufFile file = GgufFile.open(fixture("gguf/arcee-relu2.gguf"));
        CalibrationRun run = run(file, Architectures.describe(file), 1)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> run.observe("look", WINDOWS, new Observer() {}))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
