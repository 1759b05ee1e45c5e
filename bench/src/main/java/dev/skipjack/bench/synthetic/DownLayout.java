package dev.skipjack.bench.synthetic;

/** Which orientations of the down projection a file has. */
public enum DownLayout {
  /** {@code ffn_down [hidden x neurons]}, what every runtime reads. */
  ROW,
  /** {@code ffn_down_t [neurons x hidden]}, what skips neurons. */
  NEURON,
  /**
   * Both. They are drawn independently: a transposed block-quantised matrix cannot hold the same
   * values.
   */
  BOTH
}
