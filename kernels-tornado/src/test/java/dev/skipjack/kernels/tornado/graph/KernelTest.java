package dev.skipjack.kernels.tornado.graph;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel as plain Java against its definition. */
class KernelTest {
  @ParameterizedTest
  @MethodSource("loops")
  void loopsComputeTheDefinition(KernelCase given) {
    given.calls().forEach(JavaRunner::run);

    given.verify();
  }

  static Stream<KernelCase> loops() {
    return KernelCases.of(KernelForm.LOOPS);
  }

  @ParameterizedTest
  @MethodSource("workGroups")
  void workGroupsComputeTheDefinition(KernelCase given) {
    given.calls().forEach(JavaRunner::run);

    given.verify();
  }

  static Stream<KernelCase> workGroups() {
    return KernelCases.of(KernelForm.WORK_GROUPS);
  }

  @ParameterizedTest
  @MethodSource("halves")
  void halfFloatsComputeTheDefinition(KernelCase given) {
    given.calls().forEach(JavaRunner::run);

    given.verify();
  }

  static Stream<KernelCase> halves() {
    return Stream.of(KernelForm.values()).flatMap(KernelCases::ofHalves);
  }
}
