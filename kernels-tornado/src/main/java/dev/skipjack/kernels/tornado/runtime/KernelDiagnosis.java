package dev.skipjack.kernels.tornado.runtime;

import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.kernels.tornado.graph.GraphPlan;
import dev.skipjack.kernels.tornado.graph.KernelCall;
import java.util.List;
import java.util.Optional;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** Finds the kernel behind a failure, which TornadoVM does not always name. */
final class KernelDiagnosis {
  private KernelDiagnosis() {}

  /**
   * Runs the kernels one by one, each in a graph of its own, until one fails.
   *
   * @return what to throw: about that kernel, or the failure itself if every kernel runs alone
   */
  static DeviceException explain(
      String name, TornadoDevice device, List<GraphPlan> plans, Throwable failure) {
    for (GraphPlan plan : plans) {
      for (KernelCall call : plan.calls()) {
        Optional<Throwable> own = failureOf(name, device, call);
        if (own.isPresent()) {
          return new DeviceException(
              "device %s: kernel %s of graph %s does not run: %s"
                  .formatted(name, call.name(), plan.name(), StartFailure.messages(own.get())),
              own.get());
        }
      }
    }
    return failure instanceof DeviceException known
        ? known
        : new DeviceException(
            "device %s: %s".formatted(name, StartFailure.messages(failure)), failure);
  }

  private static Optional<Throwable> failureOf(String name, TornadoDevice device, KernelCall call) {
    try (TornadoRunner runner =
        TornadoRunner.compile(name, device, List.of(GraphPlan.alone(call)))) {
      runner.run(0);
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.of(e);
    }
  }
}
