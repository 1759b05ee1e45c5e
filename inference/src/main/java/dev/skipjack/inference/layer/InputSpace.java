package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.team.Worker;
import java.util.Arrays;
import java.util.SortedSet;

/**
 * The buffers of linear maps that leave out inputs, for batches of up to {@code B} tokens: one per
 * session, like the {@link Workspace} it is part of. Made once; nothing allocates.
 */
public final class InputSpace {
  /** Sums that are kept apart of a product that workers divide by its inputs. */
  public static final int PARTIAL_SUMS = 8;

  private final BatchInput[] inputs;
  private final Share[] shares;
  private final float[][] compressed;
  private final float[][][] partialSums;
  private final int rank;
  private final int layers;

  /**
   * What the maps of a model want.
   *
   * @param widths how many inputs they have
   * @param rank the largest of their low-rank parts; 0 for none
   * @param partialOutputs the most outputs of which {@link #PARTIAL_SUMS} are kept apart; 0 for
   *     none
   */
  public record Needs(SortedSet<Integer> widths, int rank, int partialOutputs, int layers) {}

  /**
   * Two parts that add up to an input {@code [B x width]}.
   *
   * @param kept what the matrix is multiplied by
   * @param rest what its low-rank part is multiplied by; empty where no map has one
   */
  public record BatchInput(Activations kept, Activations rest) {}

  public InputSpace(Needs needs, int batch, int workers) {
    int restRows = needs.rank() == 0 ? 0 : batch;
    this.inputs =
        needs.widths().stream()
            .map(
                width ->
                    new BatchInput(new Activations(batch, width), new Activations(restRows, width)))
            .toArray(BatchInput[]::new);
    this.shares = new Share[workers];
    Arrays.setAll(shares, worker -> new Share(needs));
    this.rank = needs.rank();
    this.compressed = new float[2][Math.multiplyExact(batch, rank)];
    this.partialSums = new float[2][PARTIAL_SUMS][needs.partialOutputs()];
    this.layers = needs.layers();
  }

  /** See {@link Workspace#reserve}; what was counted stays. */
  void reserve(int tokens) {
    for (BatchInput input : inputs) {
      input.kept().reserve(tokens);
      input.rest().reserve(rank == 0 ? 0 : tokens);
    }
    Arrays.setAll(compressed, turn -> new float[Math.multiplyExact(tokens, rank)]);
  }

  /** The masked batch of a map with this many inputs; all maps of one width share it. */
  public BatchInput input(int width) {
    for (BatchInput input : inputs) {
      if (input.kept().cols() == width) {
        return input;
      }
    }
    throw new IllegalStateException("no map has %d inputs".formatted(width));
  }

  /** One worker's own buffers. */
  public Share share(Worker worker) {
    return shares[worker.index()];
  }

  /**
   * The low-rank images of the batch {@code [B x rank]}, written by all workers. There are two that
   * take turns, so that one worker can go on to the next map while another still reads the last.
   *
   * @param share of any worker, all of which have made the same calls
   */
  public float[] nextCompressed(Share share) {
    share.turn ^= 1;
    return compressed[share.turn];
  }

  /**
   * Parts of the sums of one token {@code [PARTIAL_SUMS][outputs]}, taking turns like {@link
   * #nextCompressed}.
   */
  public float[][] nextPartialSums(Share share) {
    share.partialTurn ^= 1;
    return partialSums[share.partialTurn];
  }

  /** What all workers counted; to be called between batches. */
  public InputCounts counts() {
    InputCounts sum = new InputCounts(layers);
    for (Share share : shares) {
      sum.add(share.counts);
    }
    return sum;
  }

  /**
   * The inputs that one worker found worth keeping for a single token. Every worker finds the same
   * ones: looking at a vector in cache costs less than a barrier.
   */
  public static final class Share {
    private final Activations[] rests;
    private Object rule;
    private int count;
    private int turn;
    private int partialTurn;

    /** The kept inputs, ascending; valid up to {@link #count}. */
    public final int[] channels;

    /** The value of each kept input. */
    public final float[] values;

    /** How much each input matters {@code [inputs]}. */
    public final float[] scores;

    /** For finding the largest scores. */
    public final Largest.Scratch largest;

    public final InputCounts counts;

    private Share(Needs needs) {
      int widest = needs.widths().isEmpty() ? 0 : needs.widths().last();
      this.channels = new int[widest];
      this.values = new float[widest];
      this.scores = new float[widest];
      this.largest = new Largest.Scratch(widest);
      int restRows = needs.rank() == 0 ? 0 : 1;
      this.rests =
          needs.widths().stream()
              .map(width -> new Activations(restRows, width))
              .toArray(Activations[]::new);
      this.counts = new InputCounts(needs.layers());
    }

    /** Kept inputs. */
    public int count() {
      return count;
    }

    /** Sets the number of kept inputs and the rule that found them. */
    public void keep(int kept, Object by) {
      count = kept;
      rule = by;
    }

    /** Whether the list is the work of this very rule. */
    public boolean isBy(Object candidate) {
      return rule == candidate;
    }

    /** Room for the inputs that are not kept {@code [1 x width]}. */
    public Activations rest(int width) {
      for (Activations rest : rests) {
        if (rest.cols() == width) {
          return rest;
        }
      }
      throw new IllegalStateException("no map has %d inputs".formatted(width));
    }
  }
}
