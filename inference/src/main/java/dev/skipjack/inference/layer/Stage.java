package dev.skipjack.inference.layer;

/** What can be left out of a neuron, in the order it is computed. */
public enum Stage {
  /** The row of gate, or of up where there is no gate. */
  GATE,
  /** The row of up, for neurons whose gate lets something through. */
  UP,
  /** The row of the transposed down projection, for neurons that are active. */
  DOWN
}
