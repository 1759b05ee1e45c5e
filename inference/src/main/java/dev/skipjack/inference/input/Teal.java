package dev.skipjack.inference.input;

import dev.skipjack.inference.feedforward.SelectionParameter;
import dev.skipjack.inference.input.InputMethod.Binding;

/**
 * Keeps inputs above a threshold of their map (TEAL, arXiv 2408.14690): {@code |x_j| > T}. With
 * threshold 0 nothing but zeros is left out, and the result is exact.
 */
final class Teal {
  static final InputMethod METHOD =
      new InputMethod(
          "teal",
          SelectionParameter.perLayer("T", "a number of 0 or more", value -> value >= 0),
          Teal::bind);

  private Teal() {}

  private static Binding bind(InputContext context) {
    float threshold =
        context.parameters().isEmpty()
            ? context.calibrated("teal", "use sparsify --method teal, or give a number as teal:T")
            : context.parameter();
    return Binding.of(context.rules().above(context.weight(), threshold));
  }
}
