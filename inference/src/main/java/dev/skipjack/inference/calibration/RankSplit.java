package dev.skipjack.inference.calibration;

import dev.skipjack.inference.input.LayerWeight;

/**
 * How R-Sparse spends the budget of a weight {@code [o x i]} (arXiv 2504.19449): of the {@code (1 -
 * s) i o} weights that sparsity {@code s} leaves, a share {@code rho} goes to {@code k} inputs that
 * are kept and the rest to a low-rank part, whose rank costs {@code i + o} weights each.
 *
 * @param kept inputs that are kept on average
 * @param rank of the part for the others
 * @param quantile of the scores {@code |x_j| ||W[:, j]||_2} that is the threshold
 */
record RankSplit(int kept, int rank, double quantile) {
  /**
   * @param share {@code rho}, 1 for inputs alone
   */
  static RankSplit of(LayerWeight weight, double sparsity, double share) {
    long inputs = weight.inputs();
    long outputs = weight.outputs();
    double density = 1 - sparsity;
    int kept = (int) Math.floor(inputs * density * share);
    double left = inputs * outputs * density - (double) kept * outputs;
    int rank = share == 1 ? 0 : (int) Math.floor(left / (inputs + outputs));
    return new RankSplit(
        kept,
        Math.clamp(rank, 0, Math.min(weight.inputs(), weight.outputs())),
        1 - density * share);
  }

  /** The same with at least one input and one rank, as a search wants it. */
  RankSplit atLeastOne() {
    return new RankSplit(Math.max(1, kept), Math.max(1, rank), quantile);
  }
}
