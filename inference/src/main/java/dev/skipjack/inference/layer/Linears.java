package dev.skipjack.inference.layer;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Optional;

/**
 * Binds the linear maps of a model's layers to kernels, each the way a sparsity method wants it.
 * Experts, routers and latent attention are not asked for: they are always dense.
 */
public interface Linears {
  /** Binds a map whose weight is {@code [outputs x inputs]}. */
  Linear bind(int layer, LinearRole role, LinearSpec spec);

  /** Binds a map whose weight is held transposed, {@code [inputs x outputs]}. */
  Linear bindTransposed(int layer, LinearRole role, LinearSpec spec);

  /** Buffers for a session, if the maps need any. */
  default Optional<InputSpace> newInputSpace(int batch, int workers) {
    return Optional.empty();
  }

  /** Maps that read every weight. */
  static Linears dense(KernelProvider kernels) {
    return new Linears() {
      @Override
      public Linear bind(int layer, LinearRole role, LinearSpec spec) {
        return Linear.dense(kernels, spec);
      }

      @Override
      public Linear bindTransposed(int layer, LinearRole role, LinearSpec spec) {
        return Linear.transposed(kernels, spec);
      }
    };
  }
}
