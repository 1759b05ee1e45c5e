package dev.skipjack.models.huggingface;

/** What has to happen to a tensor besides its new name. */
enum Conversion {
  /** Nothing: the bytes stay in the mapping. */
  KEEP,
  /** Recomputed or unused at inference; dropped. */
  IGNORE,
  /** A norm weight that is stored as its difference from one; becomes F32. */
  PLUS_ONE,
  /** One expert's matrix; all of them become one {@code [experts x rows x cols]} tensor. */
  STACK,
  /** {@code [experts x 2 rows x cols]}, gate first; becomes one tensor for each target. */
  SPLIT_GATE_UP,
  /** Falcon's rows {@code (queries of one group, key, value) x groups}; all queries go first. */
  GROUPED_QKV,
  /** A matrix that BitNet quantises when it is used, if the configuration says so. */
  BITNET,
  /** A scalar per layer; becomes an element of a metadata array. */
  LAYER_VALUE;

  /** Whether a bias of the same name stays as it is. */
  boolean weightsOnly() {
    return this == PLUS_ONE || this == BITNET;
  }
}
