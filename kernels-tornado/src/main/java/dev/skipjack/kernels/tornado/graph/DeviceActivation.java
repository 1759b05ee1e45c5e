package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.activation.ActivationRegistry;
import dev.skipjack.kernels.tornado.kernel.Activations;
import dev.skipjack.models.spec.ActivationSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * An activation that kernels know.
 *
 * @param number of {@link Activations}
 * @param own its parameters; do not modify
 */
record DeviceActivation(int number, float[] own) {
  /** By registered name; the second number is what the activation takes without parameters. */
  private static final Map<String, DeviceActivation> KNOWN =
      Map.ofEntries(
          known("identity", Activations.IDENTITY),
          known("relu", Activations.RELU, 0),
          known("shifted_relu", Activations.RELU),
          known("fatrelu", Activations.FATRELU),
          known("relu2", Activations.RELU2),
          known("hardswish", Activations.HARDSWISH),
          known("smelu", Activations.SMELU),
          known("golu", Activations.GOLU),
          known("polyrelu", Activations.POLYRELU),
          known("silu", Activations.SILU, 1),
          known("quick_gelu", Activations.SILU, 1.702f),
          known("gelu", Activations.GELU),
          known("gelu_pytorch_tanh", Activations.GELU_TANH));

  private static Map.Entry<String, DeviceActivation> known(
      String name, int number, float... parameters) {
    return Map.entry(name, new DeviceActivation(number, parameters));
  }

  /**
   * The device form of an activation, by any of its names; empty if kernels do not know it.
   *
   * @throws IllegalArgumentException if nobody knows the name
   */
  static Optional<DeviceActivation> of(ActivationSpec spec) {
    String name = ActivationRegistry.scalar(spec.name(), spec.parameters()).name();
    return Optional.ofNullable(KNOWN.get(name))
        .map(
            known ->
                spec.parameters().length == 0
                    ? known
                    : new DeviceActivation(known.number, spec.parameters()));
  }

  static DeviceActivation require(ActivationSpec spec) {
    return of(spec)
        .orElseThrow(
            () -> new IllegalArgumentException("activation %s: found no kernel".formatted(spec)));
  }

  /** Names that kernels know. */
  static String names() {
    return String.join(", ", new TreeSet<>(KNOWN.keySet()));
  }

  /** The parameters as kernels read them. */
  FloatArray parameters(float threshold) {
    FloatArray parameters = new FloatArray(Activations.PARAMETERS);
    parameters.init(0);
    parameters.set(Activations.THRESHOLD, threshold);
    for (int i = 0; i < own.length; i++) {
      parameters.set(Activations.FIRST_PARAMETER + i, own[i]);
    }
    return parameters;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeviceActivation that
        && number == that.number
        && Arrays.equals(own, that.own);
  }

  @Override
  public int hashCode() {
    return 31 * number + Arrays.hashCode(own);
  }
}
