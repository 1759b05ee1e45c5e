package dev.skipjack.inference.feedforward;

import dev.skipjack.kernels.team.ThreadTeam;
import java.util.Arrays;
import java.util.List;

/**
 * Measures at which density a layer takes as long neuron by neuron as densely, with the kernels,
 * layouts and threads that will compute it. Samples take turns over all layers of a shape, so that
 * weights come from memory as they do when a model is computed. A shape takes some ten milliseconds
 * once the compilers have seen its kernels, which decoding would have to wait for anyway.
 */
final class BreakEven {
  /** Layers that fit into a cache are not worth a measurement: time is lost elsewhere. */
  static final long LEAST_BYTES = 64L << 20;

  private static final double[] DENSITIES = {0.25, 0.5, 0.75};

  /** Equal machines shall decide alike, so small differences are rounded away. */
  private static final int STEPS = 20;

  private static final int ROUNDS = 6;
  private static final long SAMPLING_NANOS = 60_000_000;

  /** Rows of each product while the compilers are at work. */
  private static final int WARM_UP_ROWS = 64;

  private static final long SHORTEST_WARM_UP_NANOS = 150_000_000;
  private static final long LONGEST_WARM_UP_NANOS = 600_000_000;

  private final ThreadTeam team;
  private final List<LayerTrial> layers;
  private final LayerTrial.Buffers buffers;
  private final int[][] lists;
  private int turn;

  private BreakEven(ThreadTeam team, List<LayerTrial> layers) {
    this.team = team;
    this.layers = layers;
    LayerTrial first = layers.getFirst();
    this.buffers = first.newBuffers(team.size());
    this.lists = Arrays.stream(DENSITIES).mapToObj(first::spread).toArray(int[][]::new);
    first.prepare(buffers);
  }

  /**
   * The density of one shape, in {@code [0, 1]}: 1 where single rows are always as fast.
   *
   * @param layers of equal shape, at least one
   */
  static double measure(ThreadTeam team, List<LayerTrial> layers) {
    BreakEven measurement = new BreakEven(team, layers);
    measurement.warmUp();
    return measurement.sample();
  }

  private void warmUp() {
    LayerTrial layer = layers.getFirst();
    int[] neurons = lists[1];
    int count = Math.min(neurons.length, WARM_UP_ROWS * team.size());
    long start = System.nanoTime();
    long least = Long.MAX_VALUE;
    long elapsed;
    do {
      long before = least;
      least = Long.MAX_VALUE;
      for (int i = 0; i < 32; i++) {
        least =
            Math.min(
                least,
                nanos(
                    () ->
                        team.run(
                            worker -> {
                              layer.dense(worker, buffers, WARM_UP_ROWS);
                              worker.barrier();
                              layer.rows(worker, buffers, neurons, count);
                            })));
      }
      elapsed = System.nanoTime() - start;
      if (elapsed > SHORTEST_WARM_UP_NANOS && least > 0.9 * before) {
        return;
      }
    } while (elapsed < LONGEST_WARM_UP_NANOS);
  }

  private double sample() {
    double dense = Double.POSITIVE_INFINITY;
    double[] byRows = new double[DENSITIES.length];
    Arrays.fill(byRows, Double.POSITIVE_INFINITY);
    long start = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      dense = Math.min(dense, nanos(this::dense));
      for (int i = 0; i < lists.length; i++) {
        int[] neurons = lists[i];
        byRows[i] = Math.min(byRows[i], nanos(() -> rows(neurons)));
      }
      if (round > 0 && System.nanoTime() - start > SAMPLING_NANOS) {
        break;
      }
    }
    return rounded(crossing(dense, DENSITIES, byRows));
  }

  private void dense() {
    LayerTrial layer = next();
    team.run(worker -> layer.dense(worker, buffers, Integer.MAX_VALUE));
  }

  private void rows(int[] neurons) {
    LayerTrial layer = next();
    team.run(worker -> layer.rows(worker, buffers, neurons, neurons.length));
  }

  private LayerTrial next() {
    return layers.get(turn++ % layers.size());
  }

  private static long nanos(Runnable task) {
    long start = System.nanoTime();
    task.run();
    return System.nanoTime() - start;
  }

  /** Where the line through the times of some densities reaches the dense time. */
  static double crossing(double dense, double[] densities, double[] times) {
    double meanDensity = Arrays.stream(densities).average().orElseThrow();
    double meanTime = Arrays.stream(times).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (int i = 0; i < densities.length; i++) {
      products += (densities[i] - meanDensity) * (times[i] - meanTime);
      squares += (densities[i] - meanDensity) * (densities[i] - meanDensity);
    }
    double slope = products / squares;
    if (slope <= 0) {
      return dense >= meanTime ? 1 : 0;
    }
    return Math.clamp(meanDensity + (dense - meanTime) / slope, 0, 1);
  }

  private static double rounded(double density) {
    return (double) Math.round(density * STEPS) / STEPS;
  }
}
