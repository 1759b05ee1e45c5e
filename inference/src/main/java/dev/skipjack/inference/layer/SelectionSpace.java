package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The buffers of neuron selection for batches of up to {@code B} tokens: one per session, like the
 * {@link Workspace} it is part of.
 */
public final class SelectionSpace {
  /** The neurons of the token at hand. */
  public final ActiveSet active;

  /** Inputs of predictors that read the residual {@code [B x hidden]}. */
  public final Activations predictorInput;

  /** Sign bits of the normed input {@code [B x words]}, 64 channels to a word. */
  public long[] signs;

  /** How many neurons of each layer reached each stage lately. */
  public final RunningDensity running;

  private final Activations[] predictorHidden;
  private final NeuronHistory[] histories;
  private final int signWords;

  /**
   * What the selector of one layer wants.
   *
   * @param rank of the predictor's hidden layer, or 0
   * @param predictorInput whether it needs a buffer for its input
   * @param signs whether it needs sign bits
   * @param history whether it remembers
   */
  public record Needs(int rank, boolean predictorInput, boolean signs, boolean history) {
    public static final Needs NONE = new Needs(0, false, false, false);
    public static final Needs SIGNS = new Needs(0, false, true, false);
    public static final Needs HISTORY = new Needs(0, false, false, true);

    public static Needs predictor(int rank, boolean ownInput) {
      return new Needs(rank, ownInput, false, false);
    }
  }

  /**
   * @param layers needs of every layer
   * @param neurons the most a layer has
   */
  public SelectionSpace(List<Needs> layers, int batch, int workers, int hidden, int neurons) {
    this.active = new ActiveSet(workers, neurons);
    boolean input = layers.stream().anyMatch(Needs::predictorInput);
    this.predictorInput = new Activations(input ? batch : 0, hidden);
    this.signWords = layers.stream().anyMatch(Needs::signs) ? words(hidden) : 0;
    this.signs = new long[Math.multiplyExact(batch, signWords)];
    this.running = new RunningDensity(layers.size());
    Map<Integer, Activations> byRank = new HashMap<>();
    this.predictorHidden =
        layers.stream()
            .map(
                needs ->
                    byRank.computeIfAbsent(
                        needs.rank(), rank -> new Activations(rank == 0 ? 0 : batch, rank)))
            .toArray(Activations[]::new);
    this.histories = new NeuronHistory[layers.size()];
    Arrays.setAll(histories, layer -> new NeuronHistory(layers.get(layer).history() ? neurons : 0));
  }

  /** See {@link Workspace#reserve}; what is remembered of earlier batches stays. */
  void reserve(int tokens) {
    reserve(predictorInput, tokens);
    for (Activations hidden : predictorHidden) {
      reserve(hidden, tokens);
    }
    signs = new long[Math.multiplyExact(tokens, signWords)];
  }

  /** A buffer that nobody needs has no room at all. */
  private static void reserve(Activations buffer, int tokens) {
    if (buffer.tokens() > 0) {
      buffer.reserve(tokens);
    }
  }

  /** Words that hold a bit for each channel. */
  public static int words(int channels) {
    return (channels + Long.SIZE - 1) / Long.SIZE;
  }

  /** The predictor's hidden layer {@code [B x rank]}; layers of one rank share it. */
  public Activations predictorHidden(int layer) {
    return predictorHidden[layer];
  }

  public NeuronHistory history(int layer) {
    return histories[layer];
  }
}
