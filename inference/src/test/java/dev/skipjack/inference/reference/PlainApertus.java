package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.PlainMath.multiply;

/** Apertus: head norms and an ungated xIELU (arXiv 2411.13010) whose slopes are trained. */
final class PlainApertus extends PlainLlama {
  private final double[] negativeSlopes;
  private final double[] positiveSlopes;
  private final double beta;
  private final double epsilon;

  /**
   * @param negativeSlopes of each layer, as trained: what acts is their softplus
   * @param positiveSlopes the same
   */
  PlainApertus(
      TinyCheckpoint model,
      int heads,
      int kvHeads,
      double[] frequencies,
      double[] negativeSlopes,
      double[] positiveSlopes,
      double beta,
      double epsilon) {
    super(
        model,
        TinyLayers.each(negativeSlopes.length, heads),
        TinyLayers.each(negativeSlopes.length, kvHeads),
        frequencies);
    this.negativeSlopes = negativeSlopes;
    this.positiveSlopes = positiveSlopes;
    this.beta = beta;
    this.epsilon = epsilon;
    halves = true;
  }

  @Override
  double[] feedForward(int layer, double[] layerInput, double[] normed) {
    double positive = Math.log(1 + Math.exp(positiveSlopes[layer]));
    double negative = beta + Math.log(1 + Math.exp(negativeSlopes[layer]));
    double[] up = multiply(weight(layer, "ffn_up"), normed);
    for (int i = 0; i < up.length; i++) {
      double x = up[i];
      up[i] =
          x > 0
              ? positive * x * x + beta * x
              : negative * (Math.exp(Math.min(x, epsilon)) - 1 - x) + beta * x;
    }
    return multiply(weight(layer, "ffn_down"), up);
  }
}
