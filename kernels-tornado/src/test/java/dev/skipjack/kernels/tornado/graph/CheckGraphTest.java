package dev.skipjack.kernels.tornado.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

class CheckGraphTest {
  @ParameterizedTest
  @EnumSource
  void trustsRightResultsOnly(KernelForm form) {
    CheckGraph check = new CheckGraph(form);
    assertThat(check.mismatch())
        .as("before it ran")
        .hasValueSatisfying(text -> assertThat(text).contains("linear map: found NaN"));

    new JavaRunner(List.of(check.plan())).run(0);
    assertThat(check.mismatch()).isEmpty();

    FloatArray neurons = (FloatArray) check.plan().results().getLast();
    neurons.set(32, neurons.get(32) + 1);
    assertThat(check.mismatch())
        .hasValueSatisfying(text -> assertThat(text).contains("activation: found"));
  }
}
