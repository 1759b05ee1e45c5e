package dev.skipjack.inference.calibration;

import dev.skipjack.inference.feedforward.SignBits;
import dev.skipjack.inference.layer.Observer;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.SparseKeys;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Packed signs {@code blk.N.ffn_signs.weight [neurons x words]} and one ratio per layer for the
 * mode {@code sign} (SparseInfer, arXiv 2411.12692). A neuron is taken for inactive when more than
 * alpha times as many products are negative as are not; the ratio is the smallest that keeps the
 * target fraction of the truly active neurons. Counts of negative products are whole numbers, so
 * that is found exactly.
 */
final class SignMethod implements CalibrationMethod {
  private static final double USUAL_RECALL = 0.98;

  @Override
  public String name() {
    return "sign";
  }

  @Override
  public String description() {
    return "packed signs of the gate, and the ratio of negative products up to which it is"
        + " computed";
  }

  @Override
  public CalibrationTarget target() {
    return CalibrationTarget.fraction("of the active neurons to compute", USUAL_RECALL);
  }

  @Override
  public Optional<String> refusal(DecoderSpec spec) {
    return Networks.refuseMixtures(spec).or(() -> Networks.refuseWithoutZeros(spec));
  }

  @Override
  public CalibrationResult calibrate(CalibrationRun run) {
    List<LayerSigns> signs =
        Networks.of(run.spec()).stream()
            .map(network -> LayerSigns.of(run.kernels(), network))
            .toList();
    List<Mismatches> fitted = count(run, "count", run.text().fitted(), signs);
    List<Mismatches> heldOut = count(run, "judge", run.text().heldOut(), signs);
    int[] most = fitted.stream().mapToInt(layer -> layer.most(run.target())).toArray();
    double[] ratios =
        run.layers()
            .mapToDouble(layer -> ratio(most[layer], signs.get(layer).channels()))
            .toArray();
    double[] recalls =
        run.layers().mapToDouble(layer -> heldOut.get(layer).recall(most[layer])).toArray();
    Map<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put(SparseKeys.KIND, GgufValue.string(name()));
    keys.put(SparseKeys.THRESHOLD, GgufValue.numbers(GgufType.F32, ratios));
    keys.put(SparseKeys.TARGET, GgufValue.f32(run.target()));
    keys.put(SparseKeys.ACHIEVED, GgufValue.numbers(GgufType.F32, recalls));
    return new CalibrationResult(
        keys,
        run.layers().mapToObj(layer -> signs.get(layer).tensor(layer)).toList(),
        new LayerTable(
            List.of("alpha", "recall", "precision", "computed", "active"),
            run.layers()
                .mapToObj(
                    layer -> {
                      Mismatches judged = heldOut.get(layer);
                      int limit = most[layer];
                      return List.of(
                          ratios[layer],
                          recalls[layer],
                          judged.precision(limit),
                          judged.selected(limit),
                          judged.density());
                    })
                .toList()));
  }

  /** Between the ratio of the most negative products to be computed and that of one more. */
  private static double ratio(int negative, int channels) {
    double middle = Math.min(negative + 0.5, channels - 0.5);
    return (float) (middle / (channels - middle));
  }

  private static List<Mismatches> count(
      CalibrationRun run, String phase, List<int[]> windows, List<LayerSigns> signs) {
    List<Mismatches> mismatches =
        signs.stream().map(layer -> new Mismatches(layer.channels())).toList();
    run.observe(phase, windows, new SignObserver(signs, mismatches));
    return mismatches;
  }

  /** Counts, token by token, the negative products of all neurons and of the active ones. */
  private static final class SignObserver implements Observer {
    private final List<LayerSigns> signs;
    private final List<Mismatches> mismatches;
    private long[] inputs = new long[0];

    SignObserver(List<LayerSigns> signs, List<Mismatches> mismatches) {
      this.signs = signs;
      this.mismatches = mismatches;
    }

    @Override
    public void feedForwardInput(int layer, float[] residual, Activations normed, int tokens) {
      int channels = normed.cols();
      int words = SignBits.words(channels);
      inputs = new long[tokens * words];
      for (int t = 0; t < tokens; t++) {
        SignBits.pack(normed.values(), t * channels, channels, inputs, t * words, 0, words);
      }
    }

    @Override
    public void neurons(int layer, Activations neurons, int tokens) {
      LayerSigns rows = signs.get(layer);
      for (int t = 0; t < tokens; t++) {
        for (int i = 0; i < rows.length(); i++) {
          boolean active = neurons.values()[t * neurons.cols() + i] != 0;
          mismatches.get(layer).add(rows.negative(inputs, t, i), active);
        }
      }
    }
  }

  /**
   * The signs of a layer's gate, or up.
   *
   * @param bits {@code [length x words]}
   */
  private record LayerSigns(int length, int channels, long[] bits) {
    static LayerSigns of(KernelProvider kernels, Dense network) {
      RowMatrix matrix = kernels.matrix(network.gate().orElse(network.up()).weight());
      int words = SignBits.words(matrix.cols());
      long[] bits = new long[Math.multiplyExact(matrix.rows(), words)];
      float[] row = new float[matrix.cols()];
      for (int i = 0; i < matrix.rows(); i++) {
        matrix.row(i, row, 0);
        SignBits.pack(row, 0, row.length, bits, i * words, 0, words);
      }
      return new LayerSigns(matrix.rows(), matrix.cols(), bits);
    }

    int negative(long[] inputs, int token, int neuron) {
      int words = SignBits.words(channels);
      return SignBits.differences(inputs, token * words, bits, neuron * words, words);
    }

    AddedTensor tensor(int layer) {
      return new AddedTensor(
          "blk.%d.ffn_signs.weight".formatted(layer),
          TensorType.I64,
          new long[] {length, SignBits.words(channels)},
          sink -> {
            byte[] bytes = new byte[bits.length * Long.BYTES];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(bits);
            sink.write(MemorySegment.ofArray(bytes));
          });
    }
  }

  /** How often a neuron had so many negative products. */
  private static final class Mismatches {
    private final long[] all;
    private final long[] active;

    Mismatches(int channels) {
      this.all = new long[channels + 1];
      this.active = new long[channels + 1];
    }

    void add(int negative, boolean isActive) {
      all[negative]++;
      active[negative] += isActive ? 1 : 0;
    }

    /** The most negative products that must be let through for a recall. */
    int most(double recall) {
      double wanted = recall * sum(active, active.length - 1);
      int most = 0;
      for (long found = active[0]; found < wanted; found += active[most]) {
        most++;
      }
      return most;
    }

    double recall(int most) {
      return fraction(sum(active, most), sum(active, active.length - 1));
    }

    double precision(int most) {
      return fraction(sum(active, most), sum(all, most));
    }

    /** Fraction of the neurons that are computed. */
    double selected(int most) {
      return fraction(sum(all, most), sum(all, all.length - 1));
    }

    double density() {
      return fraction(sum(active, active.length - 1), sum(all, all.length - 1));
    }

    private static double fraction(long part, long whole) {
      return whole == 0 ? 1 : (double) part / whole;
    }

    private static long sum(long[] counts, int last) {
      return Arrays.stream(counts, 0, last + 1).sum();
    }
  }
}
