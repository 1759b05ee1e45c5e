package dev.skipjack.inference.input;

import dev.skipjack.inference.feedforward.SelectionParameter;
import java.util.List;
import java.util.Optional;

/**
 * A way to choose inputs, by the name people give it. A method is one file and one line in {@link
 * InputMethods}.
 */
record InputMethod(String name, SelectionParameter parameter, Binder binder) {
  /** Serves a linear map. */
  interface Binder {
    /**
     * @throws IllegalArgumentException if it cannot; says what would help
     */
    Binding bind(InputContext context);
  }

  /**
   * What a method does with one map.
   *
   * @param rest the low-rank part for the inputs that are dropped
   */
  record Binding(InputRule rule, Optional<Factors> rest) {
    static Binding of(InputRule rule) {
      return new Binding(rule, Optional.empty());
    }
  }

  /** For example {@code teal[:T]}. */
  String usage() {
    return name + parameter.usage();
  }

  /**
   * Checks the numbers given with the name.
   *
   * @throws IllegalArgumentException if they do not fit
   */
  void check(List<Float> parameters) {
    parameter
        .complaint(parameters)
        .ifPresent(
            complaint -> {
              throw new IllegalArgumentException("%s: %s".formatted(usage(), complaint));
            });
  }
}
