package dev.skipjack.inference.calibration;

import dev.skipjack.inference.device.HotNeuronFiles;
import dev.skipjack.inference.feedforward.ResolvedMethod;
import dev.skipjack.inference.feedforward.SelectionMethods;
import dev.skipjack.inference.layer.Observer;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How often each neuron is active, {@code blk.N.ffn_counts.weight [neurons]}: what a device needs
 * to take the neurons that pay most (PowerInfer, arXiv 2312.12456). Active is what is not zero, and
 * in a file that was calibrated for {@code cats} what its threshold leaves. The sparsity mode of
 * the file stays as it is.
 */
final class HotNeuronMethod implements CalibrationMethod {
  /** The share of the neurons whose activations are reported. */
  private static final int HOTTEST = 5;

  @Override
  public String name() {
    return "hot";
  }

  @Override
  public String description() {
    return "how often each neuron is active, to split layers between a device and the processor";
  }

  @Override
  public CalibrationTarget target() {
    return CalibrationTarget.NONE;
  }

  @Override
  public Optional<String> refusal(DecoderSpec spec) {
    return Networks.refuseMixtures(spec);
  }

  @Override
  public CalibrationResult calibrate(CalibrationRun run) {
    List<Float> thresholds = thresholds(run);
    int[][] fitted = count(run, "count", run.text().fitted(), thresholds);
    int[][] judged = count(run, "judge", run.text().heldOut(), thresholds);
    long tokens = run.text().heldOut().stream().mapToLong(window -> window.length).sum();
    return new CalibrationResult(
        Map.of(),
        run.layers().mapToObj(layer -> tensor(layer, fitted[layer])).toList(),
        new LayerTable(
            List.of("active", "hottest_fifth"),
            run.layers()
                .mapToObj(
                    layer ->
                        List.of(
                            (double) sum(judged[layer]) / tokens / judged[layer].length,
                            share(fitted[layer], judged[layer])))
                .toList()));
  }

  /** Up to which magnitude gates count as zero, layer by layer; none for zeros alone. */
  private static List<Float> thresholds(CalibrationRun run) {
    ResolvedMethod method =
        ResolvedMethod.of(
            run.kernels(), run.spec(), run.file().metadata(), SelectionMethods.AUTO, List.of());
    if (method.name().equals("cats")) {
      return method.numbers();
    }
    Networks.refuseWithoutZeros(run.spec())
        .ifPresent(
            refusal -> {
              throw new IllegalArgumentException("hot: " + refusal);
            });
    return List.of();
  }

  /** Active tokens {@code [layers][neurons]}. */
  private static int[][] count(
      CalibrationRun run, String phase, List<int[]> windows, List<Float> thresholds) {
    List<Dense> networks = Networks.of(run.spec());
    int[][] counts =
        networks.stream().map(network -> new int[network.length()]).toArray(int[][]::new);
    List<Activation> activations =
        networks.stream().map(network -> Networks.activation(run.kernels(), network)).toList();
    run.observe(phase, windows, new Counter(counts, activations, thresholds));
    return counts;
  }

  /** Counts, batch by batch. */
  private static final class Counter implements Observer {
    private final int[][] counts;
    private final List<Activation> activations;
    private final List<Float> thresholds;
    private float[] gates = new float[0];

    Counter(int[][] counts, List<Activation> activations, List<Float> thresholds) {
      this.counts = counts;
      this.activations = activations;
      this.thresholds = thresholds;
    }

    @Override
    public void preActivations(int layer, float[] values, int tokens, int length) {
      gates = Arrays.copyOf(values, tokens * length);
      activations.get(layer).apply(gates, 0, gates.length);
    }

    @Override
    public void neurons(int layer, Activations neurons, int tokens) {
      float threshold = thresholds.isEmpty() ? 0 : thresholds.get(layer);
      int[] layerCounts = counts[layer];
      for (int t = 0; t < tokens; t++) {
        for (int i = 0; i < layerCounts.length; i++) {
          boolean active =
              neurons.values()[t * neurons.cols() + i] != 0
                  && Math.abs(gates[t * layerCounts.length + i]) > threshold;
          layerCounts[i] += active ? 1 : 0;
        }
      }
    }
  }

  /** Of the activations of one text, those of the neurons that are hottest in another. */
  private static double share(int[] ranking, int[] counts) {
    int[] hottest =
        IntStream.range(0, ranking.length)
            .boxed()
            .sorted(Comparator.comparingInt(neuron -> -ranking[neuron]))
            .limit((ranking.length + HOTTEST - 1) / HOTTEST)
            .mapToInt(neuron -> counts[neuron])
            .toArray();
    long all = sum(counts);
    return all == 0 ? 1 : (double) sum(hottest) / all;
  }

  private static long sum(int[] counts) {
    return Arrays.stream(counts).asLongStream().sum();
  }

  private static AddedTensor tensor(int layer, int[] counts) {
    return new AddedTensor(
        HotNeuronFiles.countsTensor(layer),
        TensorType.I32,
        new long[] {counts.length},
        sink -> {
          byte[] bytes = new byte[counts.length * Integer.BYTES];
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(counts);
          sink.write(MemorySegment.ofArray(bytes));
        });
  }
}
