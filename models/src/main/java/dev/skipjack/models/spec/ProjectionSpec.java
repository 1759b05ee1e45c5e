package dev.skipjack.models.spec;

/** How queries, keys and values come from the normed residual. */
public sealed interface ProjectionSpec {
  /**
   * One linear map each.
   *
   * @param query {@code [headCount * keyLength x hidden]}
   * @param key {@code [kvHeadCount * keyLength x hidden]}
   * @param value {@code [kvHeadCount * valueLength x hidden]}
   */
  record Direct(LinearSpec query, LinearSpec key, LinearSpec value) implements ProjectionSpec {}

  /**
   * Multi-head latent attention: keys and values are expanded from a normed low-rank vector, and
   * all heads share one rotated key part. A head is {@code [content | rotated]}.
   *
   * @param query {@code [headCount * keyLength x hidden]}
   * @param compress {@code [rank + rotated x hidden]}
   * @param latentNorm over the first {@code rank} outputs of {@code compress}
   * @param expand {@code [headCount * (content + valueLength) x rank]}
   */
  record Latent(LinearSpec query, LinearSpec compress, NormSpec latentNorm, LinearSpec expand)
      implements ProjectionSpec {}
}
