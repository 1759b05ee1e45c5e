package dev.skipjack.kernels.tornado.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skipjack.kernels.tornado.graph.KernelCase;
import dev.skipjack.kernels.tornado.graph.KernelCases;
import dev.skipjack.kernels.tornado.graph.KernelForm;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel on TornadoVM's default device against its definition. */
@Tag("device")
@EnabledIfSystemProperty(
    named = "tornado.load.runtime.implementation",
    matches = ".+",
    disabledReason = "TORNADOVM_HOME names no TornadoVM SDK")
class DeviceKernelsTest {
  @ParameterizedTest
  @MethodSource("cases")
  void theDeviceComputesTheDefinition(KernelCase given) {
    runs(given);
  }

  @ParameterizedTest
  @MethodSource("halves")
  void halfFloatsComputeTheDefinition(KernelCase given) {
    assumeTrue(
        KernelChoice.hasHalves(TornadoRuntimes.find("tornado").device()),
        "the default device has no half floats");

    runs(given);
  }

  private static void runs(KernelCase given) {
    TornadoRuntimes.Found found = TornadoRuntimes.find("tornado");
    try (TornadoRunner runner =
        TornadoRunner.compile("tornado", found.device(), List.of(given.plan()))) {
      runner.run(0);
    }

    given.verify();
  }

  static Stream<KernelCase> cases() {
    return Stream.of(KernelForm.values()).flatMap(KernelCases::of);
  }

  static Stream<KernelCase> halves() {
    return Stream.of(KernelForm.values()).flatMap(KernelCases::ofHalves);
  }
}
