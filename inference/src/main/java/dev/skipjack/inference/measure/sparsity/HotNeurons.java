package dev.skipjack.inference.measure.sparsity;

import java.util.Arrays;
import java.util.List;

/**
 * How unevenly neurons fire: which share of all activations the most active ones cover (the power
 * law of PowerInfer, arXiv 2312.12456). Immutable.
 */
public final class HotNeurons {
  /** Activations of the {@code i} most active neurons, {@code i} from 0. */
  private final long[] covered;

  private HotNeurons(long[] covered) {
    this.covered = covered;
  }

  /**
   * @param counts how often each neuron fired, at least one neuron
   */
  static HotNeurons of(long[] counts) {
    long[] sorted = counts.clone();
    Arrays.sort(sorted);
    long[] covered = new long[counts.length + 1];
    for (int i = 0; i < counts.length; i++) {
      covered[i + 1] = covered[i] + sorted[counts.length - 1 - i];
    }
    return new HotNeurons(covered);
  }

  /** The neurons of several layers together. */
  static HotNeurons of(List<long[]> layers) {
    return of(layers.stream().flatMapToLong(Arrays::stream).toArray());
  }

  public int neurons() {
    return covered.length - 1;
  }

  /** All activations. */
  public long activations() {
    return covered[neurons()];
  }

  /**
   * The share of all activations that the most active fraction of the neurons covers, interpolated
   * between whole neurons; 0 if none ever fired.
   */
  public double share(double fraction) {
    double position = Math.clamp(fraction, 0, 1) * neurons();
    int whole = (int) position;
    long next = covered[Math.min(whole + 1, neurons())] - covered[whole];
    return activations() == 0
        ? 0
        : (covered[whole] + (position - whole) * next) / (double) activations();
  }

  /** The smallest fraction of the neurons, in whole neurons, that covers a share of 0 to 1. */
  public double neededFor(double share) {
    int count = 0;
    while (count < neurons() && covered[count] < share * activations()) {
      count++;
    }
    return (double) count / neurons();
  }
}
