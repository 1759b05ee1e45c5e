package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.inference.device.HotNeurons;
import dev.skipjack.kernels.tornado.kernel.Attention;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LayerSpec;
import java.util.List;
import java.util.Optional;

/**
 * Decides which layers a device's memory holds. Layers are taken from the end, the logits first of
 * all: they are read as often as a layer and spare the host its largest matrix. If layers do not
 * all fit and it is known which neurons are hot, layers are split.
 */
public final class MemoryPlanner {
  /** Kernels index arrays with an int. */
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 64;

  /** What caches of further conversations may take if nobody asked for them. */
  private static final long UNASKED_CACHES = 256L << 20;

  private final DecoderSpec spec;
  private final GraphOptions graphs;
  private final long memory;
  private final long largest;
  private final List<LayerBytes> layers;

  /**
   * @param memory bytes to use
   * @param largest bytes of the largest single array
   */
  public MemoryPlanner(DecoderSpec spec, GraphOptions graphs, long memory, long largest) {
    this.spec = spec;
    this.graphs = graphs;
    this.memory = memory;
    this.largest = largest;
    this.layers =
        spec.layers().stream()
            .map(layer -> LayerBytes.of(spec, layer, graphs.mode(), graphs))
            .toList();
  }

  /**
   * The split to use.
   *
   * @param options layers and sessions that are wished for
   * @param hot what is known of hot neurons, if layers may be split
   * @throws IllegalArgumentException if nothing fits, or less than was wished for
   */
  public LayerSplit split(DeviceOptions options, Optional<HotNeurons> hot) {
    int count = layers.size();
    int most = options.layers().orElse(count);
    if (most > count) {
      throw new IllegalArgumentException(
          "GPU layers: found %d, expected 1 to %d, or auto".formatted(most, count));
    }
    int sessions = Math.max(1, options.sessions());
    long used = bufferBytes();
    boolean logits = takesLogits(used, sessions, hot.isPresent());
    used += logits ? LayerBytes.sum(logitArrays()) : 0;
    HotNeuronPlanner.Plan plan = whole(most, sessions, used);
    if (count - plan.firstLayer() < most && hot.isPresent()) {
      plan = new HotNeuronPlanner(layers, sessions, memory, this::fits).plan(hot.get(), most, used);
    }
    int taken = count - plan.firstLayer();
    if (taken == 0 || options.layers().isPresent() && taken < most) {
      throw tooSmall(taken, options, sessions);
    }
    return withFurtherSessions(options, logits, plan);
  }

  private boolean takesLogits(long used, int sessions, boolean splits) {
    LayerBytes last = layers.getLast();
    List<Long> layer = splits ? last.part(sessions, 0) : last.whole(sessions);
    return Support.computesLogits(spec)
        && fits(logitArrays())
        && used + LayerBytes.sum(logitArrays()) + LayerBytes.sum(layer) <= memory;
  }

  private HotNeuronPlanner.Plan whole(int most, int sessions, long used) {
    long bytes = used;
    int first = layers.size();
    while (first > layers.size() - most) {
      List<Long> arrays = layers.get(first - 1).whole(sessions);
      if (!fits(arrays) || bytes + LayerBytes.sum(arrays) > memory) {
        break;
      }
      bytes += LayerBytes.sum(arrays);
      first--;
    }
    return new HotNeuronPlanner.Plan(first, List.of(), bytes);
  }

  /** Adds room for conversations that nobody asked for, if they cost little. */
  private LayerSplit withFurtherSessions(
      DeviceOptions options, boolean logits, HotNeuronPlanner.Plan plan) {
    List<LayerBytes> own = layers.subList(plan.firstLayer(), layers.size());
    long one = own.stream().mapToLong(layer -> LayerBytes.sum(layer.caches(1))).sum();
    int sessions = Math.max(1, options.sessions());
    long bytes = plan.bytes();
    long further = one;
    while (options.sessions() == 0
        && sessions < DeviceOptions.USUAL_SESSIONS
        && further <= UNASKED_CACHES
        && bytes + one <= memory
        && cachesFit(own, sessions + 1)) {
      sessions++;
      bytes += one;
      further += one;
    }
    return new LayerSplit(plan.firstLayer(), logits, plan.shared(), sessions, bytes);
  }

  private boolean cachesFit(List<LayerBytes> own, int sessions) {
    return own.stream().allMatch(layer -> fits(layer.caches(sessions)));
  }

  private IllegalArgumentException tooSmall(int fitting, DeviceOptions options, int sessions) {
    int wished = options.layers().orElse(1);
    long needed =
        bufferBytes()
            + layers.subList(layers.size() - wished, layers.size()).stream()
                .mapToLong(layer -> LayerBytes.sum(layer.whole(sessions)))
                .sum();
    return new IllegalArgumentException(
        "device memory: found room for %d of %d layers in %s (largest array %s), expected %s; use a smaller -c, fewer --gpu-layers or a larger --device-memory"
            .formatted(
                fitting,
                layers.size(),
                megabytes(memory),
                megabytes(largest),
                options.layers().isPresent()
                    ? "%d layers, which take %s".formatted(wished, megabytes(needed))
                    : "at least one, which takes %s".formatted(megabytes(needed))));
  }

  private static String megabytes(long bytes) {
    return "%d MB".formatted((bytes + (1 << 20) - 1) >> 20);
  }

  private boolean fits(List<Long> arrays) {
    return arrays.stream().allMatch(bytes -> bytes <= Math.min(largest, MOST_ELEMENTS));
  }

  private List<Long> logitArrays() {
    long logits = (long) Float.BYTES * spec.config().vocabularySize();
    return List.of(DeviceMatrix.deviceBytes(spec.output().linear().weight()), logits, logits);
  }

  /** Buffers that all layers share; see {@link SharedArrays}. */
  private long bufferBytes() {
    long floats = 0;
    for (LayerSpec layer : spec.layers()) {
      AttentionSpec attention = layer.attention();
      long heads =
          attention.headCount()
              * (2L * attention.keyLength()
                  + attention.valueLength()
                  + graphs.context()
                  + Attention.LANES);
      long neurons = 3L * ((Dense) layer.feedForward()).length();
      floats = Math.max(floats, heads + neurons + 4L * spec.config().hiddenSize());
    }
    return Float.BYTES * graphs.batch() * floats + 32 * LayerBytes.PER_ARRAY;
  }
}
