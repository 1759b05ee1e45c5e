package dev.skipjack.inference.feedforward;

import java.util.List;
import java.util.Optional;

/**
 * A way to choose neurons, by the name people give it. A method is one file, which holds its {@link
 * Selector} and this description, and one line in {@link SelectionMethods}.
 *
 * @param refusal why a layer cannot be served and what would help; empty when it can
 * @param binder makes the selector of a layer that is not refused
 * @param byGate whether nothing but the gate decides, so that experts can share a selector
 */
record SelectionMethod(
    String name, SelectionParameter parameter, Refusal refusal, Binder binder, boolean byGate) {
  /** A method that looks at more than the gate, or remembers. */
  SelectionMethod(String name, SelectionParameter parameter, Refusal refusal, Binder binder) {
    this(name, parameter, refusal, binder, false);
  }

  /** Judges a layer. */
  interface Refusal {
    Optional<String> of(SelectionContext context);
  }

  /** Serves a layer. */
  interface Binder {
    Selector bind(SelectionContext context);
  }

  /** For example {@code cats[:T]}. */
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
