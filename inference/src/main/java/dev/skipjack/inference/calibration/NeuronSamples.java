package dev.skipjack.inference.calibration;

import java.util.Arrays;

/**
 * What one layer read and which of its neurons fired, sample by sample. Grows up to a limit, beyond
 * which every second sample is dropped, then every fourth, and so on: what is kept is spread over
 * the whole text and does not depend on chance.
 */
final class NeuronSamples {
  private static final int FIRST_CAPACITY = 256;

  private final int hidden;
  private final int neurons;
  private final int words;
  private final int limit;
  private float[] inputs = new float[0];
  private long[] active = new long[0];
  private int count;
  private long seen;
  private int stride = 1;

  NeuronSamples(int hidden, int neurons, int limit) {
    this.hidden = hidden;
    this.neurons = neurons;
    this.words = Math.ceilDiv(neurons, Long.SIZE);
    this.limit = limit;
  }

  /** Bytes of one sample. */
  static long bytes(int hidden, int neurons) {
    return (long) hidden * Float.BYTES + Math.ceilDiv(neurons, Long.SIZE) * (long) Long.BYTES;
  }

  /**
   * Adds a sample, or lets it go.
   *
   * @param input {@code [hidden]} from {@code inputAt}
   * @param activations {@code [neurons]} from {@code activationsAt}; those that are not zero fired
   */
  void add(float[] input, int inputAt, float[] activations, int activationsAt) {
    if (seen++ % stride != 0) {
      return;
    }
    if (count == limit) {
      thin();
      if ((seen - 1) % stride != 0) {
        return;
      }
    }
    grow();
    System.arraycopy(input, inputAt, inputs, count * hidden, hidden);
    for (int i = 0; i < neurons; i++) {
      if (activations[activationsAt + i] != 0) {
        active[count * words + i / Long.SIZE] |= 1L << i;
      }
    }
    count++;
  }

  /** Drops every second sample. */
  private void thin() {
    int kept = 0;
    for (int i = 0; i < count; i += 2, kept++) {
      System.arraycopy(inputs, i * hidden, inputs, kept * hidden, hidden);
      System.arraycopy(active, i * words, active, kept * words, words);
    }
    Arrays.fill(active, kept * words, active.length, 0);
    count = kept;
    stride *= 2;
  }

  private void grow() {
    if ((count + 1) * hidden > inputs.length) {
      int capacity = Math.min(limit, Math.max(FIRST_CAPACITY, 2 * count));
      inputs = Arrays.copyOf(inputs, Math.multiplyExact(capacity, hidden));
      active = Arrays.copyOf(active, Math.multiplyExact(capacity, words));
    }
  }

  int count() {
    return count;
  }

  int hidden() {
    return hidden;
  }

  int neurons() {
    return neurons;
  }

  /** Copies the input of a sample. */
  void input(int sample, float[] target, int targetOffset) {
    System.arraycopy(inputs, sample * hidden, target, targetOffset, hidden);
  }

  boolean isActive(int sample, int neuron) {
    return (active[sample * words + neuron / Long.SIZE] & 1L << neuron) != 0;
  }

  /** Fraction of the neurons that fired. */
  double density() {
    long sum = 0;
    for (int i = 0; i < count * words; i++) {
      sum += Long.bitCount(active[i]);
    }
    return count == 0 ? 0 : (double) sum / ((long) count * neurons);
  }
}
