package dev.skipjack.inference.calibration;

/**
 * One sparsity for all maps, of which those whose inputs have more exact zeros than that keep what
 * they have: zeros cost nothing, so the others need not be as sparse.
 */
final class UniformAllocation {
  /** Halvings of an interval that a double distinguishes. */
  private static final int HALVINGS = 50;

  private UniformAllocation() {}

  /**
   * The sparsity of every map; their mean is {@code target}, or more where the zeros alone are.
   *
   * @param sizes weights of the maps
   * @param zeros fraction of zeros among their inputs
   */
  static double[] of(double[] sizes, double[] zeros, double target) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (mean(sizes, atLeast(zeros, middle)) < target) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return atLeast(zeros, low);
  }

  private static double[] atLeast(double[] zeros, double sparsity) {
    double[] all = zeros.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] = Math.max(all[i], sparsity);
    }
    return all;
  }

  private static double mean(double[] sizes, double[] sparsity) {
    double weighted = 0;
    double total = 0;
    for (int i = 0; i < sizes.length; i++) {
      weighted += sizes[i] * sparsity[i];
      total += sizes[i];
    }
    return weighted / total;
  }
}
