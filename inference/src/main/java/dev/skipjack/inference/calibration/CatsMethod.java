package dev.skipjack.inference.calibration;

import dev.skipjack.inference.layer.Observer;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.SparseKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One threshold per layer for the mode {@code cats} (CATS, arXiv 2404.08763): the quantile of gate
 * activation magnitudes, pooled over all tokens and neurons of the layer, that is the target. The
 * paper reads it off a histogram; this is the quantile itself.
 */
final class CatsMethod implements CalibrationMethod {
  private static final double USUAL_SPARSITY = 0.5;

  @Override
  public String name() {
    return "cats";
  }

  @Override
  public String description() {
    return "thresholds below which gate activations count as zero";
  }

  @Override
  public CalibrationTarget target() {
    return CalibrationTarget.fraction("of the gate activations to skip", USUAL_SPARSITY);
  }

  @Override
  public Optional<String> refusal(DecoderSpec spec) {
    return Networks.refuseMixtures(spec);
  }

  @Override
  public CalibrationResult calibrate(CalibrationRun run) {
    double sparsity = run.target();
    List<MagnitudeQuantile> quantiles =
        Stream.generate(MagnitudeQuantile::new).limit(run.layers().count()).toList();
    List<int[]> fitted = run.text().fitted();
    run.observe(
        "count",
        fitted,
        gates(run, (layer, gate) -> quantiles.get(layer).add(gate, 0, gate.length)));
    quantiles.forEach(quantile -> quantile.narrow(sparsity));
    run.observe(
        "refine",
        fitted,
        gates(run, (layer, gate) -> quantiles.get(layer).refine(gate, 0, gate.length)));
    double[] thresholds =
        quantiles.stream().mapToDouble(quantile -> quantile.get(sparsity)).toArray();
    double[] achieved = achieved(run, thresholds);
    Map<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put(SparseKeys.KIND, GgufValue.string(name()));
    keys.put(SparseKeys.THRESHOLD, GgufValue.numbers(GgufType.F32, thresholds));
    keys.put(SparseKeys.TARGET, GgufValue.f32(sparsity));
    keys.put(SparseKeys.ACHIEVED, GgufValue.numbers(GgufType.F32, achieved));
    return new CalibrationResult(
        keys,
        List.of(),
        new LayerTable(
            List.of("threshold", "gate_sparsity"),
            IntStream.range(0, thresholds.length)
                .mapToObj(layer -> List.of(thresholds[layer], achieved[layer]))
                .toList()));
  }

  /** The fraction of held-out gate activations that the thresholds skip. */
  private static double[] achieved(CalibrationRun run, double[] thresholds) {
    long[] skipped = new long[thresholds.length];
    long[] all = new long[thresholds.length];
    run.observe(
        "judge",
        run.text().heldOut(),
        gates(
            run,
            (layer, gate) -> {
              for (float value : gate) {
                skipped[layer] += Math.abs(value) <= thresholds[layer] ? 1 : 0;
              }
              all[layer] += gate.length;
            }));
    return IntStream.range(0, thresholds.length)
        .mapToDouble(layer -> (double) skipped[layer] / all[layer])
        .toArray();
  }

  /** Sees the gate activations of one token. */
  private interface GateListener {
    void gate(int layer, float[] activations);
  }

  private static Observer gates(CalibrationRun run, GateListener listener) {
    List<Dense> networks = Networks.of(run.spec());
    List<Activation> activations = new ArrayList<>();
    networks.forEach(network -> activations.add(Networks.activation(run.kernels(), network)));
    return new Observer() {
      @Override
      public void preActivations(int layer, float[] values, int tokens, int length) {
        float[] gate = new float[length];
        for (int t = 0; t < tokens; t++) {
          System.arraycopy(values, t * length, gate, 0, length);
          activations.get(layer).apply(gate, 0, length);
          listener.gate(layer, gate);
        }
      }
    };
  }
}
