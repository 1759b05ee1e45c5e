package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import java.util.Arrays;

/**
 * The buffers of a mixture of {@code E} experts for batches of up to {@code B} tokens. Which tokens
 * an expert serves is kept in compressed rows: entries {@code [starts[e], starts[e + 1])}.
 */
public final class RoutingSpace {
  private final int hidden;
  private final int experts;
  private final int used;
  private long ups;
  private long bytes;

  /** Router logits, then weights {@code [B x E]}. */
  public float[] logits;

  /** Experts of each token {@code [B x used]}, ascending. */
  public int[] chosen;

  /** First entry of each expert {@code [E + 1]}. */
  public final int[] starts;

  /** Token of each entry {@code [B * used]}. */
  public int[] entryTokens;

  /** Weight of each entry {@code [B * used]}. */
  public float[] entryWeights;

  /** Inputs of the router or of one expert, gathered {@code [B x hidden]}. */
  public final Activations input;

  /** Outputs of one expert {@code [B x hidden]}. */
  public float[] output;

  public RoutingSpace(int batch, int hidden, int experts, int used) {
    this.hidden = hidden;
    this.experts = experts;
    this.used = used;
    this.starts = new int[experts + 1];
    this.input = new Activations(batch, hidden);
    allocate(batch);
  }

  /** See {@link Workspace#reserve}. */
  void reserve(int tokens) {
    input.reserve(tokens);
    allocate(tokens);
  }

  private void allocate(int batch) {
    logits = new float[batch * experts];
    chosen = new int[batch * used];
    entryTokens = new int[batch * used];
    entryWeights = new float[batch * used];
    output = new float[Math.multiplyExact(batch, hidden)];
  }

  /** Starts a batch: nothing computed. */
  public void begin() {
    ups = 0;
    bytes = 0;
  }

  /** Adds what an expert computed and read; by the lead. */
  public void computed(long neurons, long byteSize) {
    ups += neurons;
    bytes += byteSize;
  }

  /** Neurons of all experts whose up was computed in this batch. */
  public long ups() {
    return ups;
  }

  /** Bytes of experts read in this batch. */
  public long bytes() {
    return bytes;
  }

  /**
   * Chooses the experts of token {@code t}: those of largest weight, the first among equals.
   *
   * @param weights {@code [B x experts]}
   */
  public void choose(int t, float[] weights, int experts) {
    for (int slot = 0; slot < used; slot++) {
      int best = -1;
      for (int e = 0; e < experts; e++) {
        if (!isChosen(t, slot, e)
            && (best < 0 || weights[t * experts + e] > weights[t * experts + best])) {
          best = e;
        }
      }
      chosen[t * used + slot] = best;
    }
    Arrays.sort(chosen, t * used, (t + 1) * used);
  }

  /** Fills the compressed rows from {@link #chosen} and the weights of {@code tokens} tokens. */
  public void compress(int tokens, float[] weights, int experts) {
    int entry = 0;
    for (int e = 0; e < experts; e++) {
      starts[e] = entry;
      for (int t = 0; t < tokens; t++) {
        if (isChosen(t, used, e)) {
          entryTokens[entry] = t;
          entryWeights[entry] = weights[t * experts + e];
          entry++;
        }
      }
    }
    starts[experts] = entry;
  }

  /** Bytes of all buffers. */
  long byteSize() {
    return (long) Float.BYTES * (logits.length + entryWeights.length + output.length)
        + (long) Integer.BYTES * (chosen.length + starts.length + entryTokens.length)
        + input.byteSize();
  }

  private boolean isChosen(int t, int slots, int expert) {
    for (int slot = 0; slot < slots; slot++) {
      if (chosen[t * used + slot] == expert) {
        return true;
      }
    }
    return false;
  }
}
