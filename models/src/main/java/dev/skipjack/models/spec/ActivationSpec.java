package dev.skipjack.models.spec;

import java.util.Arrays;

/**
 * An activation by name with its parameters, for example {@code fatrelu} with {@code 0.01}. Text
 * form: {@code name} or {@code name:p1:p2}.
 *
 * @param parameters in the order of the activation's formula; do not modify
 */
public record ActivationSpec(String name, float[] parameters) {
  public static ActivationSpec of(String name, float... parameters) {
    return new ActivationSpec(name, parameters);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if a parameter is not a number
   */
  public static ActivationSpec parse(String text) {
    String[] parts = text.split(":", -1);
    float[] parameters = new float[parts.length - 1];
    for (int i = 0; i < parameters.length; i++) {
      try {
        parameters[i] = Float.parseFloat(parts[i + 1]);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "activation %s: parameter \"%s\" is not a number".formatted(text, parts[i + 1]), e);
      }
    }
    return new ActivationSpec(parts[0], parameters);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ActivationSpec spec
        && name.equals(spec.name)
        && Arrays.equals(parameters, spec.parameters);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(parameters);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    for (float parameter : parameters) {
      text.append(':').append(parameter);
    }
    return text.toString();
  }
}
