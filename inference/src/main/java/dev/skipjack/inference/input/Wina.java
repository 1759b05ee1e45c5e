package dev.skipjack.inference.input;

import dev.skipjack.inference.feedforward.SelectionParameter;
import dev.skipjack.inference.input.InputMethod.Binding;

/**
 * Keeps inputs that matter by their size and by the weights they meet (WINA, arXiv 2505.19427):
 * those of largest {@code |x_j| ||W[:, j]||_2}. The fraction to keep needs no calibration; a
 * calibrated file has a threshold instead, which needs no sorting and lets tokens differ.
 */
final class Wina {
  static final InputMethod METHOD =
      new InputMethod(
          "wina",
          SelectionParameter.perLayer(
              "KEEP", "a number above 0 and at most 1", value -> value > 0 && value <= 1),
          Wina::bind);

  private Wina() {}

  private static Binding bind(InputContext context) {
    if (context.parameters().isEmpty()) {
      float threshold =
          context.calibrated(
              "wina", "use sparsify --method wina, or give the fraction to keep as wina:KEEP");
      return Binding.of(InputRule.above(threshold, context.norms()));
    }
    int count = Math.max(1, Math.round(context.parameter() * context.weight().inputs()));
    return Binding.of(InputRule.largest(count, context.norms()));
  }
}
