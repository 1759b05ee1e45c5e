package dev.skipjack.kernels.tornado.runtime;

import dev.skipjack.inference.device.DeviceDecoder;
import dev.skipjack.inference.device.DeviceDescription;
import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.DeviceRequest;
import dev.skipjack.inference.device.DeviceSession;
import dev.skipjack.kernels.tornado.graph.DecoderGraphs;
import dev.skipjack.kernels.tornado.graph.FeedForwardMode;
import dev.skipjack.kernels.tornado.graph.GraphSession;
import dev.skipjack.kernels.tornado.graph.KernelForm;
import dev.skipjack.kernels.tornado.graph.LayerSplit;
import dev.skipjack.kernels.tornado.graph.MemoryPlanner;
import dev.skipjack.kernels.tornado.graph.Support;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.concurrent.atomic.AtomicBoolean;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/**
 * The last layers of a decoder on a TornadoVM device. Its cache holds one conversation, so it has
 * one session at a time.
 */
public final class TornadoDecoder implements DeviceDecoder {
  /** Chooses the form of the kernels: {@code loops} or {@code groups}. */
  static final String FORM_PROPERTY = "skipjack.tornado.kernels";

  /** Tokens of a prompt that share a step. */
  private static final int BATCH = 8;

  private final String description;
  private final LayerSplit split;
  private final DecoderGraphs graphs;
  private final TornadoRunner runner;
  private final MappedWeights weights;
  private final AtomicBoolean taken = new AtomicBoolean();

  private TornadoDecoder(
      String description,
      LayerSplit split,
      DecoderGraphs graphs,
      TornadoRunner runner,
      MappedWeights weights) {
    this.description = description;
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
    FeedForwardMode mode = FeedForwardMode.of(request.sparsity(), request.parameters());
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
    KernelForm form = form(found);
    LayerSplit split = split(request, device);
    SelfCheck.run(device.id(), found.device(), form);
    var weights = new MappedWeights(request.file());
    try {
      var graphs =
          new DecoderGraphs(spec, split, form, mode, BATCH, request.contextLength(), weights);
      TornadoRunner runner = start(found, graphs, spec, split);
      return new TornadoDecoder(describe(device, spec, split), split, graphs, runner, weights);
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
      warmUp(new GraphSession(graphs, runner, () -> {}), spec, split);
      return runner;
    } catch (RuntimeException | Error e) {
      runner.close();
      throw KernelDiagnosis.explain(id, found.device(), graphs.plans(), e);
    }
  }

  private static void warmUp(DeviceSession session, DecoderSpec spec, LayerSplit split) {
    float[] residual = new float[spec.config().hiddenSize()];
    if (split.logits()) {
      session.forward(residual, 1, 0, new float[spec.config().vocabularySize()]);
    } else {
      session.forward(residual, 1, 0);
    }
  }

  private static LayerSplit split(DeviceRequest request, DeviceDescription device) {
    long wish = request.options().memoryBytes();
    long memory = wish == 0 ? device.memoryBytes() : Math.min(wish, device.memoryBytes());
    var planner =
        new MemoryPlanner(
            request.spec(), BATCH, request.contextLength(), memory, device.largestArrayBytes());
    try {
      return planner.split(request.options().layers());
    } catch (IllegalArgumentException e) {
      throw new DeviceException("device %s: %s".formatted(device.id(), e.getMessage()), e);
    }
  }

  private static KernelForm form(TornadoRuntimes.Found found) {
    return switch (System.getProperty(FORM_PROPERTY, "auto")) {
      case "loops" -> KernelForm.LOOPS;
      case "groups" -> KernelForm.WORK_GROUPS;
      default ->
          found.device().getDeviceType() == TornadoDeviceType.GPU
              ? KernelForm.WORK_GROUPS
              : KernelForm.LOOPS;
    };
  }

  private static String describe(DeviceDescription device, DecoderSpec spec, LayerSplit split) {
    return "layers %d to %d%s of %d on %s (%s), %d MB"
        .formatted(
            split.firstLayer(),
            spec.layers().size() - 1,
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
  public DeviceSession newSession() {
    if (!taken.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "device: found a session in use, expected none; the device's cache holds one conversation"
              + " at a time");
    }
    return new GraphSession(graphs, runner, () -> taken.set(false));
  }

  @Override
  public void close() {
    runner.close();
    weights.close();
  }
}
