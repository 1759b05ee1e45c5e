package dev.skipjack.models.spec;

import java.util.Optional;

/**
 * Causal attention with {@code headCount} query heads sharing {@code kvHeadCount} key/value heads.
 *
 * @param keyLength size of a query or key head
 * @param valueLength size of a value head
 * @param queryNorm over one head if its size is {@code keyLength}, else over the whole projection
 * @param keyNorm as {@code queryNorm}
 * @param rope absent: no position encoding in this layer
 * @param scale multiplies {@code q . k}
 * @param softcap {@code c} in {@code c tanh(score / c)}; 0 for none
 * @param slidingWindow positions a query sees, itself included; 0 for all
 * @param outputNorm over the concatenated heads, before the output projection (BitNet)
 * @param temperature grows the query with its position (Mistral 3)
 */
public record AttentionSpec(
    int headCount,
    int kvHeadCount,
    int keyLength,
    int valueLength,
    ProjectionSpec projection,
    LinearSpec output,
    Optional<NormSpec> queryNorm,
    Optional<NormSpec> keyNorm,
    Optional<RopeSpec> rope,
    float scale,
    float softcap,
    int slidingWindow,
    Optional<NormSpec> outputNorm,
    Optional<TemperatureSpec> temperature) {
  /**
   * {@code q *= 1 + scale * ln(1 + floor(position / originalContext))}.
   *
   * @param originalContext positions before the query starts to grow
   */
  public record TemperatureSpec(float scale, int originalContext) {}

  /** Query heads per key/value head. */
  public int groupSize() {
    return headCount / kvHeadCount;
  }
}
