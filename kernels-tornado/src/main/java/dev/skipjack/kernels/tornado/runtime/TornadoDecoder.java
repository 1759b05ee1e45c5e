package dev.skipjack.kernels.tornado.runtime;

import dev.skipjack.inference.device.ColdNeurons;
import dev.skipjack.inference.device.DeviceDecoder;
import dev.skipjack.inference.device.DeviceDescription;
import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.DeviceRequest;
import dev.skipjack.inference.device.DeviceSession;
import dev.skipjack.inference.device.SharedLayer;
import dev.skipjack.kernels.tornado.graph.DecoderGraphs;
import dev.skipjack.kernels.tornado.graph.FeedForwardMode;
import dev.skipjack.kernels.tornado.graph.GraphOptions;
import dev.skipjack.kernels.tornado.graph.GraphSession;
import dev.skipjack.kernels.tornado.graph.LayerSplit;
import dev.skipjack.kernels.tornado.graph.MemoryPlanner;
import dev.skipjack.kernels.tornado.graph.SessionSlots;
import dev.skipjack.kernels.tornado.graph.Support;
import dev.skipjack.kernels.tornado.graph.WeightSource;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.Arrays;
import java.util.List;

/** The last layers of a decoder on a TornadoVM device; its sessions take turns. */
public final class TornadoDecoder implements DeviceDecoder {
  /** Tokens of a prompt that share a step. */
  private static final int BATCH = 8;

  private final String description;
  private final LayerSplit split;
  private final DecoderGraphs graphs;
  private final TornadoRunner runner;
  private final MappedWeights weights;
  private final SessionSlots slots;

  private TornadoDecoder(
      DeviceDescription device,
      String description,
      LayerSplit split,
      DecoderGraphs graphs,
      TornadoRunner runner,
      MappedWeights weights) {
    this.description = description;
    this.slots = new SessionSlots(device.id(), split.sessions());
    this.split = split;
    this.graphs = graphs;
    this.runner = runner;
    this.weights = weights;
  }

  /**
   * Plans, checks the device, compiles, and runs one step so that the weights are on the device.
   *
   * @throws DeviceException if the device cannot be used
   * @throws IllegalArgumentException if the model cannot be computed there as asked
   */
  public static TornadoDecoder load(DeviceRequest request) {
    FeedForwardMode mode = FeedForwardMode.of(request);
    DecoderSpec spec = request.spec();
    Support.refusal(spec, mode)
        .ifPresent(
            reason -> {
              throw new DeviceException(
                  "device %s: the model cannot run there, %s; leave out --device"
                      .formatted(request.options().id(), reason));
            });
    TornadoRuntimes.Found found = TornadoRuntimes.find(request.options().id());
    DeviceDescription device = found.description();
    var options =
        new GraphOptions(
            KernelChoice.form(found.device()),
            mode,
            BATCH,
            request.contextLength(),
            request.choices());
    LayerSplit split = split(request, device, options);
    SelfCheck.run(device.id(), found.device(), options.form());
    boolean halves = KernelChoice.halves(device.id(), found.device());
    var weights = new MappedWeights(request.file());
    try {
      WeightSource source = halves ? WeightSource.withHalves(weights) : weights;
      var graphs = new DecoderGraphs(spec, split, options, source);
      TornadoRunner runner = start(found, graphs, spec, split);
      return new TornadoDecoder(
          device, describe(device, spec, split), split, graphs, runner, weights);
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /** Compiles the kernels and runs one step, so that every weight is on the device. */
  private static TornadoRunner start(
      TornadoRuntimes.Found found, DecoderGraphs graphs, DecoderSpec spec, LayerSplit split) {
    String id = found.description().id();
    TornadoRunner runner = TornadoRunner.compile(id, found.device(), graphs.plans());
    try {
      warmUp(graphs, runner, spec, split);
      return runner;
    } catch (RuntimeException | Error e) {
      runner.close();
      throw KernelDiagnosis.explain(id, found.device(), graphs.plans(), e);
    }
  }

  private static void warmUp(
      DecoderGraphs graphs, TornadoRunner runner, DecoderSpec spec, LayerSplit split) {
    float[] residual = new float[spec.config().hiddenSize()];
    ColdNeurons none = (layer, count, before, normed, branch) -> Arrays.fill(branch, 0);
    try (var session = new GraphSession(graphs, runner, new SessionSlots("", 1), none)) {
      if (split.logits()) {
        session.forwardGreedy(residual, 1, 0);
      } else {
        session.forward(residual, 1, 0);
      }
    }
  }

  private static LayerSplit split(
      DeviceRequest request, DeviceDescription device, GraphOptions options) {
    long wish = request.options().memoryBytes();
    long memory = wish == 0 ? device.memoryBytes() : Math.min(wish, device.memoryBytes());
    var planner = new MemoryPlanner(request.spec(), options, memory, device.largestArrayBytes());
    try {
      return planner.split(request.options(), Support.hotNeurons(request));
    } catch (IllegalArgumentException e) {
      throw new DeviceException("device %s: %s".formatted(device.id(), e.getMessage()), e);
    }
  }

  private static String describe(DeviceDescription device, DecoderSpec spec, LayerSplit split) {
    return "layers %d to %d%s%s of %d on %s (%s), %d MB"
        .formatted(
            split.firstLayer(),
            spec.layers().size() - 1,
            split.describeShared(spec),
            split.logits() ? " and logits" : "",
            spec.layers().size(),
            device.id(),
            device.name(),
            split.bytes() >> 20);
  }

  @Override
  public int firstLayer() {
    return split.firstLayer();
  }

  @Override
  public boolean computesLogits() {
    return split.logits();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public List<SharedLayer> sharedLayers() {
    return split.shared();
  }

  @Override
  public int batchLength() {
    return BATCH;
  }

  @Override
  public DeviceSession newSession(ColdNeurons cold) {
    return new GraphSession(graphs, runner, slots, cold);
  }

  @Override
  public void close() {
    runner.close();
    weights.close();
  }
}
