package dev.skipjack.kernels.activation;

/**
 * A feed-forward activation over a float array. Immutable and thread-safe. Elementwise unless
 * {@link #elementwise()} says otherwise.
 */
public interface Activation {
  /** The registered name, for example {@code relu2}. */
  String name();

  /** Replaces {@code x[offset .. offset + length)}. */
  void apply(float[] x, int offset, int length);

  /** Whether it maps a region to exact zeros, so that neurons there can be skipped exactly. */
  boolean exactZeros();

  /** Whether every value depends on its own input only. */
  default boolean elementwise() {
    return true;
  }
}
