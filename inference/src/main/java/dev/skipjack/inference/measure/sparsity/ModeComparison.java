package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.calibration.CalibrationListener;
import dev.skipjack.inference.measure.Divergence;
import dev.skipjack.inference.measure.GenerationTrial;
import dev.skipjack.inference.measure.PerplexityOptions;
import dev.skipjack.inference.measure.TextWindows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * What several modes make of one model on one text: how far they are from dense, how much they read
 * and how fast they are. Speeds are sampled in the order of the modes and once more in the opposite
 * order, so that a machine that slows down favours none.
 */
public final class ModeComparison {
  /** Chooses its neurons by the prompt, so that a text fed in batches says nothing about it. */
  private static final String BY_PROMPT = "griffin";

  private final Function<SparsityMode, LanguageModel> loader;
  private final String text;
  private final PerplexityOptions options;
  private final int repetitions;
  private final CalibrationListener listener;

  /**
   * What one mode did.
   *
   * @param mode as it was asked for
   * @param divergence from dense
   * @param trial its generation of the text's first window
   */
  public record Result(SparsityMode mode, Divergence divergence, GenerationTrial trial) {
    /** The mode, whole numbers without decimals: {@code topk:64}. */
    public String name() {
      return mode.toString().replaceAll("\\.0(?=,|$)", "");
    }
  }

  /**
   * @param loader loads the model in a mode, with a context of at least a window; what it returns
   *     is closed here
   * @param repetitions samples of the speed in each direction, at least 1
   */
  public ModeComparison(
      Function<SparsityMode, LanguageModel> loader,
      String text,
      PerplexityOptions options,
      int repetitions,
      CalibrationListener listener) {
    this.loader = loader;
    this.text = text;
    this.options = options;
    this.repetitions = repetitions;
    this.listener = listener;
  }

  /** How a text is to be scored under a mode. */
  public static PerplexityOptions optionsFor(SparsityMode mode, PerplexityOptions options) {
    return mode.uses(BY_PROMPT) ? options.asGenerated() : options;
  }

  /**
   * Compares.
   *
   * @return in the order of the modes
   * @throws IllegalArgumentException if a mode cannot serve the model or the text is too short
   */
  public List<Result> run(List<SparsityMode> modes) {
    List<Result> results = new ArrayList<>();
    for (SparsityMode mode : modes) {
      listener.phase("mode " + mode, 0);
      Divergence divergence = divergence(mode);
      results.add(new Result(mode, divergence, trial(mode)));
    }
    for (int i = modes.size() - 1; i >= 0; i--) {
      Result first = results.get(i);
      listener.phase("mode %s once more".formatted(first.mode()), 0);
      GenerationTrial both = first.trial().plusSamplesOf(trial(first.mode()));
      results.set(i, new Result(first.mode(), first.divergence(), both));
    }
    return Collections.unmodifiableList(results);
  }

  private Divergence divergence(SparsityMode mode) {
    try (LanguageModel dense = loader.apply(SparsityMode.DENSE);
        LanguageModel other = loader.apply(mode)) {
      return Divergence.of(
          dense, other, text, optionsFor(mode, options), (done, total, perplexity) -> {});
    }
  }

  private GenerationTrial trial(SparsityMode mode) {
    try (LanguageModel model = loader.apply(mode)) {
      return trial(model, text, options, repetitions);
    }
  }

  /** Generates the first window of a text. */
  public static GenerationTrial trial(
      LanguageModel model, String text, PerplexityOptions options, int repetitions) {
    int[] tokens = TextWindows.of(model.tokenizer(), text, options).getFirst().tokens();
    return GenerationTrial.run(model, tokens, repetitions);
  }
}
