package dev.skipjack.inference.layer;

/**
 * The linear maps of a layer, in the order they are computed, by the names their tensors have in a
 * file: {@code blk.N.NAME.weight}.
 */
public enum LinearRole {
  QUERY("attn_q", Input.ATTENTION),
  KEY("attn_k", Input.ATTENTION),
  VALUE("attn_v", Input.ATTENTION),
  OUTPUT("attn_output", Input.ATTENDED),
  UP("ffn_up", Input.FEED_FORWARD),
  GATE("ffn_gate", Input.FEED_FORWARD),
  DOWN("ffn_down", Input.NEURONS);

  /** The vectors that the maps of a layer read, in the order they come to be. */
  public enum Input {
    /** The normed input of the attention branch. */
    ATTENTION,
    /** The concatenated heads. */
    ATTENDED,
    /** The normed input of the feed-forward branch. */
    FEED_FORWARD,
    /** The neuron activations. */
    NEURONS
  }

  private final String tensorName;
  private final Input input;

  LinearRole(String tensorName, Input input) {
    this.tensorName = tensorName;
    this.input = input;
  }

  /** For example {@code attn_q}. */
  public String tensorName() {
    return tensorName;
  }

  /** What it reads. */
  public Input input() {
    return input;
  }

  /** Whether it belongs to the attention branch. */
  public boolean ofAttention() {
    return input.compareTo(Input.ATTENDED) <= 0;
  }
}
