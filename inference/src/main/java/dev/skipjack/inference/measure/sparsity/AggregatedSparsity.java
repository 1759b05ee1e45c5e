package dev.skipjack.inference.measure.sparsity;

import java.util.Arrays;

/**
 * Which fraction of a layer's neurons never fires in any of {@code t} tokens in a row, for {@code t
 * = 1, 2, 4, ...} (ReLU Strikes Back, arXiv 2310.04564): windows of {@code t} lie side by side from
 * the beginning of each sequence, and one that a sequence cuts off does not count. Used by one
 * thread.
 */
final class AggregatedSparsity {
  private final int neurons;

  /** By the power of two: the neurons that fired in the window that is still open. */
  private final long[][] fired;

  private final long[] never;
  private final long[] windows;
  private int position;

  /**
   * @param longest tokens of the longest sequence, at least 1
   */
  AggregatedSparsity(int neurons, int longest) {
    int powers = Integer.SIZE - Integer.numberOfLeadingZeros(longest);
    this.neurons = neurons;
    this.fired = new long[powers][Math.ceilDiv(neurons, Long.SIZE)];
    this.never = new long[powers];
    this.windows = new long[powers];
  }

  /** A new sequence begins. */
  void begin() {
    position = 0;
    for (long[] bits : fired) {
      Arrays.fill(bits, 0);
    }
  }

  /** A neuron fires for the token at hand. */
  void fire(int neuron) {
    fired[0][neuron / Long.SIZE] |= 1L << neuron;
  }

  /** Ends the token at hand, and the windows that end with it. */
  void endToken() {
    position++;
    for (int power = 0; power < fired.length && position % (1 << power) == 0; power++) {
      int active = 0;
      for (int word = 0; word < fired[power].length; word++) {
        active += Long.bitCount(fired[power][word]);
        if (power + 1 < fired.length) {
          fired[power + 1][word] |= fired[power][word];
        }
        fired[power][word] = 0;
      }
      never[power] += neurons - active;
      windows[power]++;
    }
  }

  /** For each {@code t} that has a whole window, the mean fraction of neurons that never fired. */
  double[] neverActive() {
    int measured = 0;
    while (measured < windows.length && windows[measured] > 0) {
      measured++;
    }
    double[] fractions = new double[measured];
    Arrays.setAll(fractions, power -> (double) never[power] / windows[power] / neurons);
    return fractions;
  }
}
