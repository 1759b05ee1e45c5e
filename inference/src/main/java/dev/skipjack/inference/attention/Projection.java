package dev.skipjack.inference.attention;

import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.ProjectionSpec;

/** Fills {@link Workspace#query}, {@code key} and {@code value} from the normed residual. */
interface Projection {
  static Projection of(KernelProvider kernels, Linears linears, int layer, AttentionSpec spec) {
    return switch (spec.projection()) {
      case ProjectionSpec.Direct direct -> new DirectProjection(linears, layer, direct);
      case ProjectionSpec.Latent latent -> new LatentProjection(kernels, spec, latent);
    };
  }

  /** Whether the normed input must be quantised. */
  boolean needsInt8();

  /** Runs on all workers; ends without a barrier. */
  void apply(Worker worker, Workspace space);
}
