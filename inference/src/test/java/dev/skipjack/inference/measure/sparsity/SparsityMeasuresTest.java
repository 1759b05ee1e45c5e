package dev.skipjack.inference.measure.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.measure.TextWindows.Window;
import dev.skipjack.inference.reference.PlainNeurons;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures of a tiny model against their definitions, computed in double precision. */
class SparsityMeasuresTest {
  private static final int CONTEXT = 24;

  @TempDir private Path directory;

  private final PlainNeurons plain = new PlainNeurons();
  private final List<Window> windows = new ArrayList<>();
  private PlainSparsity expected;
  private ModelFile file;
  private WatchedModel model;
  private NeuronOutputs outputs;
  private List<Integer> lengths;

  @BeforeEach
  void open() {
    int[] tokens = PlainNeurons.tokens(2 * CONTEXT);
    for (int from = 0; from < tokens.length; from += CONTEXT) {
      windows.add(new Window(Arrays.copyOfRange(tokens, from, from + CONTEXT), CONTEXT / 2 + 1));
    }
    expected = new PlainSparsity(plain, windows);
    file = Checkpoints.open(plain.write(directory.resolve("tiny.gguf")));
    DecoderSpec spec = Architectures.describe(file);
    model = new WatchedModel(file, spec, 3);
    List<Dense> networks =
        spec.layers().stream().map(layer -> (Dense) layer.feedForward()).toList();
    lengths = networks.stream().map(Dense::length).toList();
    outputs = new NeuronOutputs(model, networks);
  }

  @AfterEach
  void close() {
    outputs.close();
    model.close();
    file.close();
  }

  private <A extends NeuronAnalysis> A analyze(A analysis, int chunk) {
    model.watch(windows, new NeuronWatcher(model.team(), lengths, chunk, analysis), done -> {});
    return analysis;
  }

  private NeuronSurvey survey() {
    return analyze(new NeuronSurvey(outputs.norms(), 2L * CONTEXT), model.chunk());
  }

  private CettCurve curve() {
    NeuronSurvey survey = survey();
    List<float[]> candidates =
        IntStream.range(0, expected.layers()).mapToObj(survey::candidates).toList();
    return analyze(
        new CettCurve(model.kernels().floats(), outputs.down(), outputs.norms(), candidates),
        model.chunk());
  }

  @Test
  void candidatesAreThoseOfTheDefinition() {
    NeuronSurvey survey = survey();
    for (int layer = 0; layer < expected.layers(); layer++) {
      double[] candidates = expected.candidates(layer);
      float[] actual = survey.candidates(layer);
      assertThat(actual).hasSameSizeAs(candidates);
      for (int i = 0; i < actual.length; i += 1111) {
        assertThat((double) actual[i])
            .isCloseTo(candidates[i], within(1e-5 * candidates[candidates.length - 1]));
      }
    }
  }

  @Test
  void zerosAndQuantilesAreCounted() {
    NeuronSurvey survey = survey();
    for (int layer = 0; layer < expected.layers(); layer++) {
      double[] all =
          expected.activations(layer).stream()
              .flatMapToDouble(Arrays::stream)
              .map(Math::abs)
              .sorted()
              .toArray();
      MagnitudeDistribution actual = survey.magnitudes(layer);
      double zeros = Arrays.stream(all).filter(a -> a == 0).count();
      assertThat(actual.zeroRate()).isEqualTo(zeros / all.length);
      assertThat(actual.zeroRate()).isBetween(0.2, 0.8);
      for (double fraction : new double[] {0.1, 0.85, 0.9, 0.99, 1}) {
        double quantile = all[(int) Math.ceil(fraction * all.length) - 1];
        assertThat((double) actual.quantile(fraction))
            .isCloseTo(quantile, within(0.008 * quantile));
      }
      assertThat(actual.upTo(0)).isEqualTo(actual.zeroRate());
      assertThat(actual.upTo(Float.MAX_VALUE)).isEqualTo(1);
    }
  }

  @Test
  void cettIsThatOfMaskedProducts() {
    CettCurve curve = curve();
    for (int layer = 0; layer < expected.layers(); layer++) {
      double[] candidates = expected.candidates(layer);
      double[] actual = curve.curve(layer);
      for (int i = 0; i < actual.length; i += 3333) {
        // One neuron of one token may lie within rounding of a candidate.
        assertThat(actual[i]).isCloseTo(expected.cett(layer, candidates[i]), within(2e-3));
      }
      for (double target : new double[] {0.05, 0.2, 0.5}) {
        assertThat((double) curve.threshold(layer, target))
            .isCloseTo(
                expected.threshold(layer, candidates, target),
                within(1e-3 * candidates[candidates.length - 1]));
      }
    }
  }

  @Test
  void aTargetBelowTheFirstCandidateDropsNothing() {
    CettCurve curve = curve();
    assertThat(curve.index(0, -1)).isEqualTo(-1);
    assertThat(curve.threshold(0, -1)).isZero();
    assertThat(curve.index(0, 2)).isEqualTo(NeuronSurvey.CANDIDATES - 2);
  }

  @Test
  void thresholdsLeaveOutWhatTheyShould() {
    double[] byLayer = new double[expected.layers()];
    Arrays.fill(byLayer, 0.05);
    model
        .thresholds()
        .set(
            IntStream.range(0, byLayer.length)
                .mapToObj(layer -> outputs.onActivations(layer, 0.05f))
                .toList());
    double loss = model.loss(windows, done -> {});
    assertThat(loss).isCloseTo(expected.loss(expected.neuronThresholds(byLayer)), within(1e-4));

    model.thresholds().clear();
    double dense = expected.loss(expected.neuronThresholds(new double[byLayer.length]));
    assertThat(model.loss(windows, done -> {})).isCloseTo(dense, within(1e-4));
    assertThat(Math.abs(loss - dense)).isGreaterThan(1e-4);
  }

  @Test
  void pplLossIsFoundAsTheSparsingLawFindsIt() {
    CettCurve curve = curve();
    double dense = model.loss(windows, done -> {});
    List<Integer> steps = new ArrayList<>();
    LossSearch.Trial found =
        new LossSearch(model, windows, curve, outputs, dense).search(1, steps::add);

    assertThat(steps).hasSize(LossSearch.STEPS);
    assertThat(found.cett()).isCloseTo(expected.search(1), within(0.005));
    // So few tokens make the loss jump where a neuron goes.
    assertThat(Math.exp(found.loss() - dense)).isBetween(0.98, 1.05);
    double[] byLayer = new double[expected.layers()];
    Arrays.setAll(byLayer, layer -> found.thresholds()[layer]);
    double[][] thresholds = expected.neuronThresholds(byLayer);
    assertThat(found.loss()).isCloseTo(expected.loss(thresholds), within(1e-3));
    assertThat(Arrays.stream(found.densities()).boxed())
        .allMatch(density -> density > 0.1 && density < 0.8);
  }

  @Test
  void activityIsTheSameHoweverTokensAreCut() {
    List<float[]> zeros = lengths.stream().map(float[]::new).toList();
    List<float[]> strong =
        IntStream.range(0, lengths.size())
            .mapToObj(layer -> outputs.onActivations(layer, 0.1f))
            .toList();
    ActivityRecord whole = analyze(new ActivityRecord(zeros, strong, CONTEXT), CONTEXT + 400);
    for (int layer = 0; layer < expected.layers(); layer++) {
      List<double[]> tokens = expected.activations(layer);
      double[] norms = expected.norms(layer);
      long[] counts = new long[norms.length];
      double above = 0;
      for (double[] a : tokens) {
        for (int i = 0; i < a.length; i++) {
          counts[i] += a[i] != 0 ? 1 : 0;
          above += Math.abs(a[i]) * norms[i] >= 0.1 ? 1 : 0;
        }
      }
      assertThat(whole.counts(layer)).containsExactly(counts);
      assertThat(whole.strongDensity(layer))
          .isCloseTo(above / tokens.size() / norms.length, within(2e-3));
      assertThat(whole.aggregated(layer).neverActive()[0])
          .isCloseTo(1 - whole.density(layer), within(1e-12));
    }
  }
}
