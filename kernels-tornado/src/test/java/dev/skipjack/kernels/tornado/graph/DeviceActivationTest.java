package dev.skipjack.kernels.tornado.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.kernels.activation.ActivationRegistry;
import dev.skipjack.models.spec.ActivationSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceActivationTest {
  @Test
  void everyActivationWithExactZerosHasAKernel() {
    List<String> sparse =
        ActivationRegistry.names().stream()
            .filter(name -> ActivationRegistry.scalar(name, parameters(name)).exactZeros())
            .toList();

    assertThat(sparse).contains("relu", "shifted_relu", "fatrelu", "relu2");
    assertThat(sparse)
        .allSatisfy(
            name ->
                assertThat(DeviceActivation.of(new ActivationSpec(name, parameters(name))))
                    .isPresent());
  }

  /** One that wants a negative number has no zeros. */
  private static float[] parameters(String name) {
    float[] parameters = new float[ActivationRegistry.parameters(name).size()];
    Arrays.fill(parameters, name.equals("xielu") ? -0.5f : 0.5f);
    return parameters;
  }
}
