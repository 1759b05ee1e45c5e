package dev.skipjack.inference.calibration;

import dev.skipjack.inference.layer.Observer;
import dev.skipjack.kernels.Activations;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.SparseKeys;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fraction of neurons that the mode {@code griffin} keeps (GRIFFIN, arXiv 2404.01365), which is
 * the target, and how well it serves: on held-out windows the first half chooses the neurons as a
 * prompt does, and their share of the squared activations of the second half is measured.
 */
final class GriffinMethod implements CalibrationMethod {
  private static final double USUAL_FRACTION = 0.5;

  @Override
  public String name() {
    return "griffin";
  }

  @Override
  public String description() {
    return "the fraction of neurons kept by what a prompt activates";
  }

  @Override
  public CalibrationTarget target() {
    return CalibrationTarget.fraction("of the neurons to keep", USUAL_FRACTION);
  }

  @Override
  public Optional<String> refusal(DecoderSpec spec) {
    return Networks.refuseMixtures(spec);
  }

  @Override
  public CalibrationResult calibrate(CalibrationRun run) {
    double fraction = run.target();
    double[] kept = new double[run.spec().layers().size()];
    double[] all = new double[kept.length];
    run.observe(
        "judge",
        run.text().heldOut(),
        new Observer() {
          @Override
          public void neurons(int layer, Activations neurons, int tokens) {
            double[] prompt = energy(neurons, 0, tokens / 2, true);
            double[] answer = energy(neurons, tokens / 2, tokens, false);
            boolean[] chosen =
                largest(prompt, (int) Math.max(1, Math.round(fraction * prompt.length)));
            for (int i = 0; i < answer.length; i++) {
              kept[layer] += chosen[i] ? answer[i] : 0;
              all[layer] += answer[i];
            }
          }
        });
    double[] fractions = run.layers().mapToDouble(layer -> fraction).toArray();
    Map<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put(SparseKeys.KIND, GgufValue.string(name()));
    keys.put(SparseKeys.THRESHOLD, GgufValue.numbers(GgufType.F32, fractions));
    keys.put(SparseKeys.TARGET, GgufValue.f32(fraction));
    return new CalibrationResult(
        keys,
        List.of(),
        new LayerTable(
            List.of("fraction", "energy"),
            run.layers()
                .mapToObj(
                    layer -> List.of(fraction, all[layer] == 0 ? 1 : kept[layer] / all[layer]))
                .toList()));
  }

  /**
   * Sums the squared activations of every neuron over tokens {@code [from, to)}.
   *
   * @param normalised whether each token's activations are divided by their norm first
   */
  private static double[] energy(Activations neurons, int from, int to, boolean normalised) {
    double[] sums = new double[neurons.cols()];
    for (int t = from; t < to; t++) {
      int offset = t * neurons.cols();
      double squares = 0;
      for (int i = 0; i < sums.length; i++) {
        squares += square(neurons.values()[offset + i]);
      }
      double weight = !normalised ? 1 : squares == 0 ? 0 : 1 / squares;
      for (int i = 0; i < sums.length; i++) {
        sums[i] += weight * square(neurons.values()[offset + i]);
      }
    }
    return sums;
  }

  private static double square(double x) {
    return x * x;
  }

  /** Marks the {@code count} largest, the first among equals. */
  private static boolean[] largest(double[] scores, int count) {
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    double least = sorted[sorted.length - count];
    int equals = count - (int) Arrays.stream(scores).filter(score -> score > least).count();
    boolean[] chosen = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      chosen[i] = scores[i] > least || scores[i] == least && equals-- > 0;
    }
    return chosen;
  }
}
