package dev.skipjack.inference.measure;

/**
 * How well a selection of neurons found those that fired, over some tokens.
 *
 * @param neurons all there were
 * @param active those that fired
 * @param selected those that were selected
 * @param found those that were both
 */
public record SelectionQuality(long neurons, long active, long selected, long found) {
  /** Fraction of the active neurons that were selected; 1 if none was active. */
  public double recall() {
    return active == 0 ? 1 : (double) found / active;
  }

  /** Fraction of the selected neurons that were active; 1 if none was selected. */
  public double precision() {
    return selected == 0 ? 1 : (double) found / selected;
  }

  /** Fraction of all neurons that were selected. */
  public double selectedDensity() {
    return neurons == 0 ? 0 : (double) selected / neurons;
  }

  /** Fraction of all neurons that were active. */
  public double activeDensity() {
    return neurons == 0 ? 0 : (double) active / neurons;
  }

  /** Both together. */
  public SelectionQuality plus(SelectionQuality other) {
    return new SelectionQuality(
        neurons + other.neurons,
        active + other.active,
        selected + other.selected,
        found + other.found);
  }
}
