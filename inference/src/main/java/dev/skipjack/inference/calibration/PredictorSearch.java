package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.PredictorJudge.Verdict;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec.Input;
import dev.skipjack.models.spec.LayerSpec;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The predictor of one layer: trains one rank after the other, each twice the last, until the
 * neurons computed at the target recall exceed the active ones by no more than the wanted factor.
 */
final class PredictorSearch {
  /** Ranks fill blocks of quantised types. */
  private static final int RANK_STEP = 32;

  private final CalibrationRun run;
  private final LayerSpec layer;
  private final NeuronSamples fitted;
  private final PredictorJudge judge;
  private final CalibrationSettings settings;

  /** The predictor that ended the search. */
  record Found(PredictorWeights weights, Verdict verdict) {}

  /**
   * @param type in which it will be stored
   */
  PredictorSearch(
      CalibrationRun run, int layer, NeuronSamples fitted, NeuronSamples heldOut, TensorType type) {
    this.run = run;
    this.layer = run.spec().layers().get(layer);
    this.fitted = fitted;
    this.judge = new PredictorJudge(run.kernels(), run.team(), heldOut, type);
    this.settings = run.settings();
  }

  /**
   * Searches.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  Found run() {
    int wish = settings.count("max-rank");
    int last = roundUp(wish == 0 ? fitted.hidden() : wish);
    int rank = Math.min(last, roundUp(settings.count("rank")));
    Found found = train(rank);
    while (rank < last && !isGoodEnough(found.verdict())) {
      rank = Math.min(last, 2 * rank);
      found = train(rank);
    }
    return found;
  }

  private static int roundUp(int rank) {
    return Math.ceilDiv(rank, RANK_STEP) * RANK_STEP;
  }

  private boolean isGoodEnough(Verdict verdict) {
    return verdict.predicted() <= settings.number("excess") * verdict.active();
  }

  /** Trains one rank and keeps the weights of the best epoch, the untrained start included. */
  private Found train(int rank) {
    SplittableRandom random =
        new SplittableRandom(run.seed() * 1_000_003 + layer.index() * 1009 + rank);
    Dense network = Networks.of(layer);
    Input input = Input.valueOf(settings.choice("input").toUpperCase(Locale.ROOT));
    PredictorWeights weights =
        new PrincipalNeurons(run.kernels(), run.team())
            .start(
                layer,
                network,
                input,
                fitted,
                rank,
                settings.choice("hidden").equals("relu"),
                random);
    Found best = new Found(weights.copy(), judge.judge(weights, run.target()));
    int epochs = settings.count("epochs");
    run.listener().phase("layer %d, rank %d".formatted(layer.index(), rank), epochs);
    int unchanged = 0;
    try (PredictorTrainer trainer =
        new PredictorTrainer(
            run.kernels(), run.team(), weights, fitted, epochs, settings.number("rate"))) {
      for (int epoch = 0; epoch < epochs && unchanged < settings.count("patience"); epoch++) {
        run.checkInterrupt();
        trainer.epoch(random);
        Verdict verdict = judge.judge(weights, run.target());
        boolean better = verdict.precision() > best.verdict().precision();
        unchanged = better ? 0 : unchanged + 1;
        best = better ? new Found(weights.copy(), verdict) : best;
        run.listener().advanced(1, state(best.verdict()));
      }
    }
    return best;
  }

  private static String state(Verdict verdict) {
    return String.format(
        Locale.ROOT, "recall %.3f precision %.3f", verdict.recall(), verdict.precision());
  }
}
