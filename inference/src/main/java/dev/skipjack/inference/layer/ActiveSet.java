package dev.skipjack.inference.layer;

import dev.skipjack.kernels.team.Worker;
import java.util.Arrays;

/**
 * The neurons of one token that are still in play, narrowed stage by stage. In a stage workers
 * write the neurons they found, part by part, each in ascending order at the place where its part
 * begins; after a barrier each merges all parts into a list of its own. The lists are equal and do
 * not depend on who took which part. Made once per session; nothing allocates.
 */
public final class ActiveSet {
  private final Share[] shares;

  /**
   * What was found is kept twice, in turns: some still merge a stage while others write the next.
   */
  private final Found[] found;

  private final long[] marks = new long[Stage.values().length];

  /**
   * @param neurons the most a layer has
   */
  public ActiveSet(int workers, int neurons) {
    this.shares = new Share[workers];
    this.found = new Found[] {new Found(neurons), new Found(neurons)};
    Arrays.setAll(shares, i -> new Share(neurons));
  }

  /** The lists of one worker. */
  public Share share(Worker worker) {
    return shares[worker.index()];
  }

  /** Where this stage's neurons are written. */
  public Found found(Worker worker) {
    return found[share(worker).turn];
  }

  /** Sum over the workers of what they counted; all must have passed a barrier since. */
  public long total(Stage stage) {
    return total(stage.ordinal());
  }

  private long total(int stage) {
    long sum = 0;
    for (Share share : shares) {
      sum += share.counts[stage];
    }
    return sum;
  }

  /** Forgets what was {@link #mark marked}; by the lead, when a batch begins. */
  public void clearMarks() {
    Arrays.fill(marks, 0);
  }

  /** Remembers all totals for {@link #sinceMark}; by the lead, while nobody counts. */
  public void mark() {
    for (int stage = 0; stage < marks.length; stage++) {
      marks[stage] = total(stage);
    }
  }

  /** What all workers counted since the last mark; by the lead, while nobody counts. */
  public long sinceMark(Stage stage) {
    return total(stage) - marks[stage.ordinal()];
  }

  /**
   * Copies what all workers found in this stage, which a barrier has ended, and goes on.
   *
   * @param parts of the stage
   */
  public void merge(Worker worker, int parts) {
    Share own = share(worker);
    Found last = found[own.turn];
    int count = 0;
    for (int part = 0; part < parts; part++) {
      int start = last.starts[part];
      int length = last.counts[part];
      System.arraycopy(last.neurons, start, own.neurons, count, length);
      System.arraycopy(last.values, start, own.values, count, length);
      count += length;
    }
    own.count = count;
    own.turn ^= 1;
  }

  /** The neurons found in a stage, by its parts. */
  public static final class Found {
    private final int[] starts;
    private final int[] counts;

    /** Neurons; those of a part begin where it begins. */
    public final int[] neurons;

    /** A value for each neuron, at the same place. */
    public final float[] values;

    private Found(int size) {
      this.starts = new int[size];
      this.counts = new int[size];
      this.neurons = new int[size];
      this.values = new float[size];
    }

    /** Ends a part that begins at {@code start}. */
    public void end(int part, int start, int count) {
      starts[part] = start;
      counts[part] = count;
    }
  }

  /** One worker's lists and counts. */
  public static final class Share {
    private final long[] counts = new long[Stage.values().length];
    private int turn;
    private int count;

    /** The merged neurons, ascending; valid up to {@link #count}. */
    public final int[] neurons;

    /** A value for each merged neuron: its gate, then its activation. */
    public final float[] values;

    /** The neurons of the group at hand. */
    public final int[] groupNeurons;

    /** A value for each of them. */
    public final float[] groupValues;

    private Share(int size) {
      this.neurons = new int[size];
      this.values = new float[size];
      this.groupNeurons = new int[size];
      this.groupValues = new float[size];
    }

    /** Starts a batch: nothing found, nothing counted. */
    public void begin() {
      turn = 0;
      count = 0;
      Arrays.fill(counts, 0);
    }

    /** Merged neurons. */
    public int count() {
      return count;
    }

    /** Keeps only the first neurons of the merged list. */
    public void truncate(int newCount) {
      count = newCount;
    }

    /** Adds to the statistics of a stage. */
    public void count(Stage stage, long neuronCount) {
      counts[stage.ordinal()] += neuronCount;
    }
  }
}
