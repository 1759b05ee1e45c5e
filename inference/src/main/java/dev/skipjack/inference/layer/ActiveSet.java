package dev.skipjack.inference.layer;

import dev.skipjack.kernels.team.Worker;
import java.util.Arrays;

/**
 * The neurons of one token that are still in play, narrowed stage by stage. In a stage every worker
 * writes the neurons it found, in ascending order and from its own ascending share; after a barrier
 * each merges what all found into a list of its own. The lists are equal and do not depend on the
 * number of workers. Made once per session; nothing allocates.
 */
public final class ActiveSet {
  private final Share[] shares;

  /**
   * @param neurons the most a layer has
   */
  public ActiveSet(int workers, int neurons) {
    this.shares = new Share[workers];
    for (int i = 0; i < workers; i++) {
      shares[i] = new Share(neurons);
    }
  }

  /** The part of one worker. */
  public Share share(Worker worker) {
    return shares[worker.index()];
  }

  /** Sum over the workers of what they counted; all must have passed a barrier since. */
  public long total(Stage stage) {
    long sum = 0;
    for (Share share : shares) {
      sum += share.counts[stage.ordinal()];
    }
    return sum;
  }

  /** Copies what all workers found in this stage, which a barrier has ended, and goes on. */
  public void merge(Worker worker) {
    Share own = share(worker);
    int count = 0;
    for (Share other : shares) {
      int length = other.foundCounts[own.turn];
      System.arraycopy(other.foundNeurons[own.turn], 0, own.neurons, count, length);
      System.arraycopy(other.foundValues[own.turn], 0, own.values, count, length);
      count += length;
    }
    own.count = count;
    own.turn ^= 1;
  }

  /**
   * One worker's lists. What it found is kept twice, in turns, so that it can write the next stage
   * while others still merge the last.
   */
  public static final class Share {
    private final int[][] foundNeurons;
    private final float[][] foundValues;
    private final int[] foundCounts = new int[2];
    private final long[] counts = new long[Stage.values().length];
    private int turn;
    private int count;

    /** The merged neurons, ascending; valid up to {@link #count}. */
    public final int[] neurons;

    /** A value for each merged neuron: its gate, then its activation. */
    public final float[] values;

    private Share(int size) {
      this.foundNeurons = new int[2][size];
      this.foundValues = new float[2][size];
      this.neurons = new int[size];
      this.values = new float[size];
    }

    /** Starts a batch: nothing found, nothing counted. */
    public void begin() {
      turn = 0;
      count = 0;
      Arrays.fill(counts, 0);
    }

    /** Where this stage's neurons are written. */
    public int[] foundNeurons() {
      return foundNeurons[turn];
    }

    /** Where this stage's values are written. */
    public float[] foundValues() {
      return foundValues[turn];
    }

    /** Ends this worker's part of the stage; a barrier and {@link ActiveSet#merge} follow. */
    public void found(int found) {
      foundCounts[turn] = found;
    }

    /** What {@link #found} was told in this stage. */
    public int foundCount() {
      return foundCounts[turn];
    }

    /** Merged neurons. */
    public int count() {
      return count;
    }

    /** Keeps only the first neurons of the merged list. */
    public void truncate(int newCount) {
      count = newCount;
    }

    /** What this worker counted of a stage since the batch began. */
    public long counted(Stage stage) {
      return counts[stage.ordinal()];
    }

    /** Adds to the statistics of a stage. */
    public void count(Stage stage, long neuronCount) {
      counts[stage.ordinal()] += neuronCount;
    }
  }
}
