package dev.skipjack.inference.layer;

import java.util.Arrays;

/**
 * What a session remembers about the neurons of one layer, for selectors that decide by the past.
 * Workers write disjoint neurons between barriers; the other fields belong to the lead.
 */
public final class NeuronHistory {
  /** Importance so far {@code [neurons]}. */
  public final float[] scores;

  /** Chosen neurons {@code [neurons]}, by the scores. */
  public final boolean[] chosen;

  /** Whether {@link #chosen} is up to date with {@link #scores}. */
  public boolean ready;

  /** Label of the last window in which a neuron was active {@code [neurons]}. */
  public final long[] lastActive;

  /** How often the sequence of positions was broken. */
  public int breaks;

  /** First position since the last break. */
  public int start;

  /** The position that continues the sequence. */
  public int next;

  NeuronHistory(int neurons) {
    this.scores = new float[neurons];
    this.chosen = new boolean[neurons];
    this.lastActive = new long[neurons];
    Arrays.fill(lastActive, -1);
  }
}
