package dev.skipjack.inference.calibration;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * TEAL's greedy allocation of sparsity to the maps of a block (arXiv 2408.14690, algorithm 1): the
 * map whose inputs cost least is made sparser by one step, in which every map would leave out
 * equally many weights, until the block is as sparse as it should be.
 */
final class GreedyAllocation {
  private final double[] sizes;
  private final double step;

  /**
   * @param sizes of the maps, in any unit
   * @param step alpha: the sparsity that one step adds to a map of size 1
   */
  GreedyAllocation(double[] sizes, double step) {
    this.sizes = sizes.clone();
    this.step = step;
  }

  /**
   * The sparsity of every map.
   *
   * @param start what they have anyway
   * @param target mean sparsity, each map weighted by its size
   * @param error of the block for given sparsities
   */
  double[] allocate(double[] start, double target, ToDoubleFunction<double[]> error) {
    double[] sparsity = start.clone();
    while (mean(sparsity) < target && Arrays.stream(sparsity).anyMatch(s -> s < 1)) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int map = 0; map < sizes.length; map++) {
        if (sparsity[map] < 1) {
          double tried = error.applyAsDouble(advance(sparsity, map));
          // The first one is taken even if nothing can be told from the errors.
          if (best < 0 || tried < least) {
            best = map;
            least = tried;
          }
        }
      }
      sparsity = advance(sparsity, best);
    }
    return sparsity;
  }

  private double[] advance(double[] sparsity, int map) {
    double[] advanced = sparsity.clone();
    advanced[map] = Math.min(1, sparsity[map] + step / sizes[map]);
    return advanced;
  }

  private double mean(double[] sparsity) {
    double weighted =
        IntStream.range(0, sizes.length).mapToDouble(i -> sizes[i] * sparsity[i]).sum();
    return weighted / Arrays.stream(sizes).sum();
  }
}
