package dev.skipjack.models.spec;

import java.util.Optional;

/**
 * One decoder layer over the residual stream {@code h}. A branch is {@code h += residualScale *
 * postNorm(f(preNorm(h)))}; an absent norm is the identity.
 */
public record LayerSpec(
    int index,
    Topology topology,
    Optional<NormSpec> attentionNorm,
    AttentionSpec attention,
    Optional<NormSpec> postAttentionNorm,
    Optional<NormSpec> feedForwardNorm,
    FeedForwardSpec feedForward,
    Optional<NormSpec> postFeedForwardNorm,
    float residualScale) {
  /** What the feed-forward branch reads. */
  public enum Topology {
    /** The residual after attention was added. */
    SEQUENTIAL,
    /** The layer's input, like the attention branch (Falcon). */
    PARALLEL
  }
}
