package dev.skipjack.inference.input;

import dev.skipjack.inference.feedforward.SelectionParameter;
import dev.skipjack.inference.input.InputMethod.Binding;

/**
 * Keeps inputs of large {@code |x_j| ||W[:, j]||_2} and sends the others through a low-rank
 * approximation of the weight (R-Sparse, arXiv 2504.19449). Where the file has no factors for a
 * map, its rank is 0 and the rule that of WINA. At full rank the result is exact.
 */
final class RSparse {
  static final InputMethod METHOD =
      new InputMethod("r-sparse", SelectionParameter.NONE, RSparse::bind);

  private RSparse() {}

  private static Binding bind(InputContext context) {
    float threshold = context.calibrated("r-sparse", "use sparsify --method r-sparse");
    return new Binding(
        InputRule.above(threshold, context.norms()),
        Factors.find(context.file(), context.weight()));
  }
}
