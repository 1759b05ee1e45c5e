package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Projection;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.NormSpec;
import java.util.Optional;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** How a branch of a layer leaves the residual stream and comes back to it. */
record Branch(Kernels kernels, SharedArrays shared, LayerSpec layer) {
  /** The branch reads the residual as it is unless a norm comes first. */
  void begin(String id, Optional<NormSpec> norm) {
    if (norm.isPresent()) {
      norm(id, shared.residual, norm, shared.normed, 1);
    } else {
      kernels.copy(id, shared.residual, shared.normed, shared.hiddenSize());
    }
  }

  void norm(String id, FloatArray x, Optional<NormSpec> norm, FloatArray out, int vectors) {
    norm.ifPresent(spec -> kernels.norm(id, x, DeviceNorm.of(spec), out, vectors));
  }

  /** The branch goes into the residual at once, unless a norm follows it. */
  FloatArray target(Optional<NormSpec> post) {
    return post.isPresent() ? shared.branch : shared.residual;
  }

  float factor(Optional<NormSpec> post) {
    return post.isPresent() ? 1 : layer.residualScale();
  }

  int store(Optional<NormSpec> post) {
    return post.isPresent() ? Projection.STORE : Projection.ADD;
  }

  /** Adds a branch with a norm behind it. */
  void end(String id, Optional<NormSpec> post) {
    post.ifPresent(
        spec -> {
          norm(id + "Norm", shared.branch, post, shared.branch, 1);
          kernels.add(
              id + "Add", shared.branch, shared.residual, spec.size(), layer.residualScale());
        });
  }
}
