package dev.skipjack.kernels.activation;

import java.util.OptionalDouble;

/**
 * A feed-forward activation over a float array. Immutable and thread-safe. Elementwise unless
 * {@link #elementwise()} says otherwise.
 *
 * <p>NaN gives NaN. An infinity gives the limit of the formula, except where a formula subtracts or
 * multiplies infinities for the parameters at hand; then it may give NaN.
 */
public interface Activation {
  /** The registered name, for example {@code relu2}. */
  String name();

  /**
   * Replaces {@code x[offset .. offset + length)}. Nothing allocates. An element's result does not
   * depend on how a range is split, if elementwise.
   *
   * @throws IndexOutOfBoundsException if the range is not inside {@code x}
   */
  void apply(float[] x, int offset, int length);

  /** Whether every value depends on its own input only. */
  default boolean elementwise() {
    return true;
  }

  /**
   * The {@code t} such that {@code act(x) == flatValue()} for all {@code x <= t}; empty when there
   * is none.
   */
  default OptionalDouble flatBelow() {
    return OptionalDouble.empty();
  }

  /**
   * The constant {@code c} at and below {@link #flatBelow()}. When it is not zero, neurons of an
   * ungated feed-forward can still be skipped exactly after {@code c * sum_i down[i]} is added to
   * the down projection's bias and {@code c} is taken off the activations that are not skipped.
   */
  default float flatValue() {
    return 0;
  }

  /**
   * The {@code t} such that {@code act(x) == 0} for all {@code x <= t}; empty when there is none.
   */
  default OptionalDouble zeroBelow() {
    return flatValue() == 0 ? flatBelow() : OptionalDouble.empty();
  }

  /** Whether it maps a region to exact zeros, so that neurons there can be skipped exactly. */
  default boolean exactZeros() {
    return zeroBelow().isPresent();
  }
}
