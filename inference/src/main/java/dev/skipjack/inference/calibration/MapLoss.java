package dev.skipjack.inference.calibration;

import dev.skipjack.inference.decoder.Decoder;
import dev.skipjack.inference.decoder.ForwardPass;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.input.AdjustableMaps;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.inference.layer.InputCounts;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.inference.measure.LogProbability;
import dev.skipjack.loader.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How well a model with adjustable maps predicts a text: the mean negative log likelihood of the
 * second half of each sequence, whose inputs are masked; the first half is the prompt. One thread
 * at a time.
 */
final class MapLoss implements AutoCloseable {
  private final MapTrials trials;
  private final AdjustableMaps maps;
  private final FeedForwards networks;
  private final ForwardPass pass;

  /**
   * @param rank the most that a low-rank part will have; 0 for none
   */
  MapLoss(MapTrials trials, int rank) {
    this.trials = trials;
    this.maps = new AdjustableMaps(trials.kernels(), LayerWeight.of(trials.spec()), rank);
    this.networks = FeedForwards.dense(trials.kernels(), maps, trials.spec());
    this.pass =
        new ForwardPass(
            trials.spec().config().name(),
            new Decoder(trials.kernels(), trials.spec(), maps, networks),
            trials.kernels(),
            TensorType.F32,
            trials.team(),
            trials.length(),
            trials.length());
  }

  /** The maps, dense until somebody sets rules. */
  AdjustableMaps maps() {
    return maps;
  }

  /**
   * What the rules have saved so far: of all weights of a layer, then the fraction of inputs left
   * out of every map.
   *
   * @param costs by layer, what low-rank parts read instead, as a fraction of its weights
   */
  LayerTable sparsity(IntToDoubleFunction costs) {
    InputCounts counts = pass.space().inputs.orElseThrow().counts();
    List<LinearRole> roles =
        maps.weights().stream().map(LayerWeight::role).distinct().sorted().toList();
    List<String> columns =
        Stream.concat(
                Stream.of(InputCalibration.SPARSITY), roles.stream().map(LinearRole::tensorName))
            .toList();
    List<List<Double>> rows =
        IntStream.range(0, trials.layers())
            .mapToObj(
                layer ->
                    Stream.concat(
                            Stream.of(1 - counts.density(layer) - costs.applyAsDouble(layer)),
                            roles.stream().map(role -> 1 - counts.density(layer, role)))
                        .toList())
            .toList();
    return new LayerTable(columns, rows);
  }

  /** Nats per token, with the rules set at the moment. */
  double measure() {
    double sum = 0;
    int count = 0;
    for (int[] window : trials.windows()) {
      trials.check().run();
      int half = window.length / 2;
      pass.space().unmasked = half;
      pass.feed(window, 0, window.length, 0, true, false);
      for (int first = half; first < window.length - 1; first += Workspace.LOGIT_ROWS) {
        int rows = Math.min(Workspace.LOGIT_ROWS, window.length - 1 - first);
        pass.logits(first, rows);
        for (int i = 0; i < rows; i++) {
          sum -= LogProbability.of(row(i), window[first + i + 1]);
        }
        count += rows;
      }
    }
    return sum / count;
  }

  private float[] row(int index) {
    int vocabulary = trials.spec().config().vocabularySize();
    return Arrays.copyOfRange(pass.space().logits, index * vocabulary, (index + 1) * vocabulary);
  }

  @Override
  public void close() {
    pass.close();
    networks.close();
  }
}
