package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Attention;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Decides which layers a device's memory holds. Layers are taken from the end, the logits first of
 * all: they are read as often as a layer and spare the host its largest matrix.
 *
 * @param memory bytes to use
 * @param largest bytes of the largest single array
 */
public record MemoryPlanner(DecoderSpec spec, int batch, int context, long memory, long largest) {
  /** Norms, headers and what drivers round up. */
  private static final long PER_ARRAY = 4096;

  /** Kernels index arrays with an int. */
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 64;

  /**
   * The split to use.
   *
   * @param wish layers to put on the device; empty for as many as fit
   * @throws IllegalArgumentException if nothing fits, or less than was wished for
   */
  public LayerSplit split(OptionalInt wish) {
    int count = spec.layers().size();
    if (wish.isPresent() && (wish.getAsInt() < 1 || wish.getAsInt() > count)) {
      throw new IllegalArgumentException(
          "GPU layers: found %d, expected 1 to %d, or auto".formatted(wish.getAsInt(), count));
    }
    int most = wish.orElse(count);
    long used = bufferBytes();
    boolean logits =
        Support.computesLogits(spec)
            && fits(logitArrays())
            && used + sum(logitArrays()) + layerBytes(count - 1) <= memory;
    used += logits ? sum(logitArrays()) : 0;
    int first = count;
    while (first > count - most
        && fits(layerArrays(first - 1))
        && used + layerBytes(first - 1) <= memory) {
      first--;
      used += layerBytes(first);
    }
    if (first == count || (wish.isPresent() && count - first < most)) {
      throw tooSmall(count - first, wish);
    }
    return new LayerSplit(first, logits, used);
  }

  private IllegalArgumentException tooSmall(int fitting, OptionalInt wish) {
    String room = "%d of %d layers".formatted(fitting, spec.layers().size());
    long needed =
        bufferBytes()
            + wish.stream()
                .flatMap(n -> spec.layers().stream().mapToInt(LayerSpec::index).skip(skip(n)))
                .mapToLong(this::layerBytes)
                .sum();
    return new IllegalArgumentException(
        "device memory: found room for %s in %s (largest array %s), expected %s; use a smaller -c, fewer --gpu-layers or a larger --device-memory"
            .formatted(
                room,
                megabytes(memory),
                megabytes(largest),
                wish.isPresent()
                    ? "%d layers, which take %s".formatted(wish.getAsInt(), megabytes(needed))
                    : "at least one"));
  }

  private long skip(int wished) {
    return Math.max(0, spec.layers().size() - (long) wished);
  }

  private static String megabytes(long bytes) {
    return "%d MB".formatted((bytes + (1 << 20) - 1) >> 20);
  }

  private boolean fits(List<Long> arrays) {
    return arrays.stream().allMatch(bytes -> bytes <= Math.min(largest, MOST_ELEMENTS));
  }

  private long layerBytes(int layer) {
    return sum(layerArrays(layer));
  }

  private static long sum(List<Long> arrays) {
    return arrays.stream().mapToLong(bytes -> bytes + PER_ARRAY).sum();
  }

  private List<Long> logitArrays() {
    return List.of(
        DeviceMatrix.deviceBytes(spec.output().linear().weight()),
        (long) Float.BYTES * spec.config().vocabularySize(),
        (long) Float.BYTES * spec.config().vocabularySize());
  }

  /** Weights and caches of a layer, in bytes. */
  private List<Long> layerArrays(int index) {
    LayerSpec layer = spec.layers().get(index);
    AttentionSpec attention = layer.attention();
    var projection = (ProjectionSpec.Direct) attention.projection();
    Dense network = (Dense) layer.feedForward();
    Stream<Tensor> weights =
        Stream.of(
                Stream.of(
                        projection.query(),
                        projection.key(),
                        projection.value(),
                        attention.output(),
                        network.up())
                    .map(LinearSpec::weight),
                network.gate().map(LinearSpec::weight).stream(),
                Stream.of(network.down().weight()),
                network.predictor().map(PredictorSpec::fc1).stream(),
                network.predictor().map(PredictorSpec::fc2).stream())
            .flatMap(tensors -> tensors);
    long row = (long) Float.BYTES * context * attention.kvHeadCount();
    return Stream.concat(
            weights.map(DeviceMatrix::deviceBytes),
            Stream.of(row * attention.keyLength(), row * attention.valueLength()))
        .toList();
  }

  /** Buffers that all layers share; see {@link SharedArrays}. */
  private long bufferBytes() {
    long floats = 0;
    for (LayerSpec layer : spec.layers()) {
      AttentionSpec attention = layer.attention();
      long heads =
          attention.headCount()
              * (2L * attention.keyLength() + attention.valueLength() + context + Attention.LANES);
      long neurons = 3L * ((Dense) layer.feedForward()).length();
      floats = Math.max(floats, heads + neurons + 4L * spec.config().hiddenSize());
    }
    return Float.BYTES * batch * floats + 32 * PER_ARRAY;
  }
}
