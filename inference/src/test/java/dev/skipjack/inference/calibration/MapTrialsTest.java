package dev.skipjack.inference.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.CacheType;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.decoder.LayerPass;
import dev.skipjack.inference.input.AdjustableMaps;
import dev.skipjack.inference.input.InputRule;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.inference.measure.Perplexity;
import dev.skipjack.inference.measure.PerplexityOptions;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.tokenizer.SpecialTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trials on the bundled model against the model as it runs. */
class MapTrialsTest {
  private static final String TEXT =
      "Once upon a time, there was a little girl who had a red ball. She went to the park with her"
          + " mom and saw a big dog. The dog wanted to play, and they were happy all day long.";
  private static final int WINDOW = 16;

  private final SourceModel source = SourceModel.bundled();
  private final ThreadTeam team = new ThreadTeam(2);
  private final DecoderSpec spec = Architectures.describe(source.file());

  @AfterEach
  void close() throws Exception {
    team.close();
    source.close();
  }

  private MapTrials trials(List<int[]> windows) {
    return new MapTrials(
        KernelProviders.get(), spec, team, windows, CalibrationListener.SILENT, () -> {});
  }

  @ParameterizedTest
  @CsvSource({"dense, 0", "teal:0.4, 0.4"})
  void lossIsThatOfTheModelAsItRuns(String mode, float threshold) {
    LoadOptions options =
        LoadOptions.DEFAULTS
            .withThreads(2)
            .withCacheType(CacheType.F32)
            .withSparsity(SparsityMode.parse(mode));
    try (LanguageModel model = LanguageModel.bundled(options)) {
      double expected =
          Perplexity.of(model, TEXT, new PerplexityOptions(WINDOW, 0), (done, all, value) -> {})
              .nll();
      int[] tokens = model.tokenizer().encode(TEXT, SpecialTokens.PROMPT);
      List<int[]> windows = new ArrayList<>();
      for (int start = 0; start + WINDOW <= tokens.length; start += WINDOW) {
        int[] window = Arrays.copyOfRange(tokens, start, start + WINDOW);
        window[0] = tokens[0];
        windows.add(window);
      }
      try (MapLoss loss = new MapLoss(trials(windows), 0)) {
        double dense = loss.measure();
        assertThat(loss.sparsity(layer -> 0).column("sparsity")).containsOnly(0);
        for (LayerWeight weight : loss.maps().weights()) {
          loss.maps().set(weight, InputRule.above(threshold));
        }
        double sparse = loss.measure();
        assertThat(threshold == 0 ? dense : sparse).isCloseTo(expected, within(1e-5));
        assertThat(Math.abs(sparse - dense)).isBetween(threshold / 100.0, 1.0);
        assertThat(loss.sparsity(layer -> 0).column("ffn_down")).doesNotContain(0.0);
      }
    }
  }

  @Test
  void aLayerWithoutInputsLeavesTheResidualAlone() {
    int[] window = {1, 40, 500, 77, 301, 12, 99, 1000, 5, 6, 7, 8, 410, 411, 412, 413};
    MapTrials trials = trials(List.of(window));
    AdjustableMaps maps = new AdjustableMaps(trials.kernels(), LayerWeight.of(spec), 0);
    try (LayerPass pass = new LayerPass(trials.kernels(), spec, maps, team, WINDOW)) {
      LayerSweep sweep = new LayerSweep(pass, maps, List.of(window), () -> {});
      float[] input = pass.embed(window);
      float[] output = new float[input.length];
      for (int layer = 0; layer < spec.layers().size(); layer++) {
        sweep.advance();
        pass.run(layer, input, 0, output);
        assertThat(sweep.error()).isZero();
        for (LayerWeight weight : sweep.weights()) {
          maps.set(weight, InputRule.above(Float.MAX_VALUE));
        }
        assertThat(sweep.error()).isCloseTo(change(input, output), within(1e-4));
        maps.reset(layer);
        System.arraycopy(output, 0, input, 0, input.length);
      }
    }
  }

  /** Mean over channels of the norm across the last quarter of the positions. */
  private double change(float[] before, float[] after) {
    int hidden = spec.config().hiddenSize();
    double sum = 0;
    for (int channel = 0; channel < hidden; channel++) {
      double squares = 0;
      for (int t = WINDOW * 3 / 4; t < WINDOW; t++) {
        double difference = (double) after[t * hidden + channel] - before[t * hidden + channel];
        squares += difference * difference;
      }
      sum += Math.sqrt(squares);
    }
    return sum / hidden;
  }
}
