package dev.skipjack.inference.calibration;

import dev.skipjack.inference.decoder.Decoder;
import dev.skipjack.inference.decoder.ForwardPass;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.input.AdjustableMaps;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.inference.measure.LogProbability;
import dev.skipjack.loader.tensor.TensorType;
import java.util.Arrays;

/**
 * How well a model with adjustable maps predicts a text: the mean negative log likelihood of the
 * second half of each sequence, whose inputs are masked; the first half is the prompt. One thread
 * at a time.
 */
final class WindowLoss implements AutoCloseable {
  private final MapTrials trials;
  private final FeedForwards networks;
  private final ForwardPass pass;

  WindowLoss(MapTrials trials, AdjustableMaps maps) {
    this.trials = trials;
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

  /** Nats per token, with the rules set at the moment. */
  double measure() {
    double sum = 0;
    int count = 0;
    for (int[] window : trials.windows()) {
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
