package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.team.Worker;

/**
 * The feed-forward branch of one layer. Reads {@link Workspace#normed} (and, where its method asks
 * for it, {@code residual} or {@code layerInput}), writes {@link Workspace#branch}. Immutable;
 * workers and sessions share it.
 */
public interface FeedForward {
  /** Whether the normed input must be quantised. */
  boolean needsInt8();

  /** Runs on all workers; ends with a barrier. */
  void forward(Worker worker, Workspace space);
}
