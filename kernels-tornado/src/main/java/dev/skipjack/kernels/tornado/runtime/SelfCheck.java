package dev.skipjack.kernels.tornado.runtime;

import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.kernels.tornado.graph.CheckGraph;
import dev.skipjack.kernels.tornado.graph.KernelForm;
import java.util.List;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** Compares a device with Java before anything else is computed there. */
final class SelfCheck {
  private SelfCheck() {}

  /**
   * Computes one linear map and one gated activation.
   *
   * @throws DeviceException if the device fails or its results are not Java's
   */
  static void run(String name, TornadoDevice device, KernelForm form) {
    CheckGraph check = new CheckGraph(form);
    try (TornadoRunner runner = TornadoRunner.compile(name, device, List.of(check.plan()))) {
      runner.run(0);
    } catch (DeviceException e) {
      throw KernelDiagnosis.explain(name, device, List.of(check.plan()), e);
    }
    check
        .mismatch()
        .ifPresent(
            found -> {
              throw new DeviceException(
                  "device %s: it computes wrongly, %s; update its driver or use another device"
                      .formatted(name, found));
            });
  }
}
