package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Projection;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.Optional;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** The kernel calls of the attention branch of a layer that {@link Support} accepts. */
final class AttentionGraph {
  private final Kernels kernels;
  private final SharedArrays shared;
  private final LayerSpec layer;
  private final Branch branch;
  private final WeightSource weights;

  AttentionGraph(Kernels kernels, SharedArrays shared, LayerSpec layer, WeightSource weights) {
    this.kernels = kernels;
    this.shared = shared;
    this.layer = layer;
    this.branch = new Branch(kernels, shared, layer);
    this.weights = weights;
  }

  void add(DeviceCache cache) {
    AttentionSpec spec = layer.attention();
    var projection = (ProjectionSpec.Direct) spec.projection();
    branch.begin("attentionNorm", layer.attentionNorm());
    project("query", projection.query(), shared.query);
    project("key", projection.key(), shared.key);
    project("value", projection.value(), shared.value);
    headNorm("queryNorm", spec.queryNorm(), shared.query, spec.headCount() * spec.keyLength());
    headNorm("keyNorm", spec.keyNorm(), shared.key, spec.kvHeadCount() * spec.keyLength());
    shared
        .rotation(layer)
        .ifPresent(
            rotation -> {
              int length = spec.keyLength();
              kernels.rotate("rotateQuery", shared.query, rotation, spec.headCount(), length);
              kernels.rotate("rotateKey", shared.key, rotation, spec.kvHeadCount(), length);
            });
    kernels.store("store", shared.key, shared.value, cache);
    kernels.attend("attend", shared.query, cache, shared.scores, shared.attended);
    Optional<NormSpec> post = layer.postAttentionNorm();
    kernels.multiply(
        "output",
        DeviceLinear.of(spec.output(), weights),
        shared.attended,
        branch.target(post),
        branch.factor(post),
        branch.store(post));
    branch.end("postAttention", post);
  }

  private void project(String id, LinearSpec spec, FloatArray out) {
    kernels.multiply(id, DeviceLinear.of(spec, weights), shared.normed, out, 1, Projection.STORE);
  }

  private void headNorm(String id, Optional<NormSpec> norm, FloatArray x, int row) {
    norm.ifPresent(spec -> branch.norm(id, x, norm, x, SharedArrays.vectors(spec, row)));
  }
}
