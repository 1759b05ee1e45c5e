package dev.skipjack.inference.feedforward;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.models.spec.FeedForwardSpec;
import dev.skipjack.models.spec.LayerSpec;

/** Builds the feed-forward branch a layer describes. */
public final class FeedForwards {
  private FeedForwards() {}

  public static FeedForward of(KernelProvider kernels, LayerSpec layer) {
    return switch (layer.feedForward()) {
      case FeedForwardSpec.Dense dense -> new DenseFeedForward(kernels, dense, layer.index());
      case FeedForwardSpec.MixtureOfExperts mixture ->
          new MixtureFeedForward(kernels, mixture, layer.index());
    };
  }
}
