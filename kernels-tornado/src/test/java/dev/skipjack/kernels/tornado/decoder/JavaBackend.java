package dev.skipjack.kernels.tornado.decoder;

import dev.skipjack.inference.device.ColdNeurons;
import dev.skipjack.inference.device.DeviceBackend;
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
import dev.skipjack.kernels.tornado.graph.JavaRunner;
import dev.skipjack.kernels.tornado.graph.KernelForm;
import dev.skipjack.kernels.tornado.graph.LayerSplit;
import dev.skipjack.kernels.tornado.graph.MemoryPlanner;
import dev.skipjack.kernels.tornado.graph.SessionSlots;
import dev.skipjack.kernels.tornado.graph.Support;
import dev.skipjack.kernels.tornado.graph.WeightSource;
import java.util.List;

/** The device back end without a device: its graphs run as plain Java. */
public final class JavaBackend implements DeviceBackend {
  static final int BATCH = 3;

  @Override
  public String name() {
    return "java";
  }

  @Override
  public List<DeviceDescription> devices() {
    return List.of();
  }

  @Override
  public DeviceDecoder load(DeviceRequest request) {
    var mode = FeedForwardMode.of(request);
    Support.refusal(request.spec(), mode)
        .ifPresent(
            reason -> {
              throw new DeviceException(reason);
            });
    var options =
        new GraphOptions(KernelForm.LOOPS, mode, BATCH, request.contextLength(), request.choices());
    long wish = request.options().memoryBytes();
    long memory = wish == 0 ? Long.MAX_VALUE : wish;
    LayerSplit split =
        new MemoryPlanner(request.spec(), options, memory, Long.MAX_VALUE)
            .split(request.options(), Support.hotNeurons(request));
    var graphs = new DecoderGraphs(request.spec(), split, options, WeightSource.COPY);
    return new JavaDecoder(
        split,
        "Java, %d to %d%s"
            .formatted(
                split.firstLayer(),
                request.spec().layers().size() - 1,
                split.describeShared(request.spec())),
        graphs,
        new JavaRunner(graphs.plans()),
        new SessionSlots("java", split.sessions()));
  }

  private record JavaDecoder(
      LayerSplit split,
      String description,
      DecoderGraphs graphs,
      JavaRunner runner,
      SessionSlots slots)
      implements DeviceDecoder {
    @Override
    public int firstLayer() {
      return split.firstLayer();
    }

    @Override
    public boolean computesLogits() {
      return split.logits();
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
      // Nothing is held.
    }
  }
}
