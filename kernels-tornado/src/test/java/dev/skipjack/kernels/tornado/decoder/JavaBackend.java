package dev.skipjack.kernels.tornado.decoder;

import dev.skipjack.inference.device.DeviceBackend;
import dev.skipjack.inference.device.DeviceDecoder;
import dev.skipjack.inference.device.DeviceDescription;
import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.DeviceRequest;
import dev.skipjack.inference.device.DeviceSession;
import dev.skipjack.kernels.tornado.graph.DecoderGraphs;
import dev.skipjack.kernels.tornado.graph.FeedForwardMode;
import dev.skipjack.kernels.tornado.graph.GraphSession;
import dev.skipjack.kernels.tornado.graph.JavaRunner;
import dev.skipjack.kernels.tornado.graph.KernelForm;
import dev.skipjack.kernels.tornado.graph.LayerSplit;
import dev.skipjack.kernels.tornado.graph.MemoryPlanner;
import dev.skipjack.kernels.tornado.graph.Support;
import dev.skipjack.kernels.tornado.graph.WeightSource;
import java.util.List;

/** The device back end without a device: its graphs run as plain Java. */
public final class JavaBackend implements DeviceBackend {
  private static final int BATCH = 3;

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
    var mode = FeedForwardMode.of(request.sparsity(), request.parameters());
    Support.refusal(request.spec(), mode)
        .ifPresent(
            reason -> {
              throw new DeviceException(reason);
            });
    var planner =
        new MemoryPlanner(
            request.spec(), BATCH, request.contextLength(), Long.MAX_VALUE, Long.MAX_VALUE);
    LayerSplit split = planner.split(request.options().layers());
    var graphs =
        new DecoderGraphs(
            request.spec(),
            split,
            KernelForm.LOOPS,
            mode,
            BATCH,
            request.contextLength(),
            WeightSource.COPY);
    return new JavaDecoder(split, graphs);
  }

  private record JavaDecoder(LayerSplit split, DecoderGraphs graphs) implements DeviceDecoder {
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
      return "Java";
    }

    @Override
    public DeviceSession newSession() {
      return new GraphSession(graphs, new JavaRunner(graphs.plans()), () -> {});
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
