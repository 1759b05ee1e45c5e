package dev.skipjack.inference.attention;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.models.spec.RopeSpec;

/**
 * Cosines and sines of one rotary embedding for the tokens of a batch. One per session and distinct
 * {@link RopeSpec}; filled once per batch, then read by all workers.
 */
public final class Rotation {
  private final RopeSpec spec;
  private final int pairs;
  private float[] cos;
  private float[] sin;

  public Rotation(RopeSpec spec, int batch) {
    this.spec = spec;
    this.pairs = spec.dimensions() / 2;
    reserve(batch);
  }

  /** Makes room for batches of so many tokens. Nobody else may use it meanwhile. */
  final void reserve(int batch) {
    cos = new float[batch * pairs];
    sin = new float[batch * pairs];
  }

  /** Prepares token {@code t} of the batch for its position in the text. */
  public void prepare(int t, int position) {
    float[] frequencies = spec.inverseFrequencies();
    for (int i = 0; i < pairs; i++) {
      double angle = (double) position * frequencies[i];
      cos[t * pairs + i] = (float) Math.cos(angle) * spec.magnitude();
      sin[t * pairs + i] = (float) Math.sin(angle) * spec.magnitude();
    }
  }

  /** Turns the leading dimensions of a head of token {@code t}. */
  public void apply(FloatKernels floats, int t, float[] head, int offset) {
    boolean halves = spec.layout() == RopeSpec.Layout.NEOX;
    floats.rotate(head, offset, cos, sin, t * pairs, pairs, halves);
  }

  public int dimensions() {
    return spec.dimensions();
  }
}
