package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.Optional;

/** What whole models take. */
public final class PlannedBytes {
  private PlannedBytes() {}

  /** Device memory for every layer, the logits and one conversation. */
  public static long ofAll(DecoderSpec spec, int batch, int context) {
    var options = new GraphOptions(KernelForm.LOOPS, FeedForwardMode.EXACT, batch, context, 1);
    return new MemoryPlanner(spec, options, Long.MAX_VALUE, Long.MAX_VALUE)
        .split(DeviceOptions.of("java").withSessions(1), Optional.empty())
        .bytes();
  }
}
