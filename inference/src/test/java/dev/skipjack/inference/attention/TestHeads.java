package dev.skipjack.inference.attention;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.EmbeddingSpec;
import dev.skipjack.models.spec.FeedForwardSpec;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.ModelConfig;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.OutputSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;

/**
 * The shape of one attention layer.
 *
 * @param window positions a query sees; 0 for all
 * @param softcap 0 for none
 */
record TestHeads(
    int heads, int kvHeads, int keyLength, int valueLength, int window, float softcap) {
  private static final LinearSpec NONE = LinearSpec.of(zeros(1, 1));

  AttentionSpec spec() {
    return new AttentionSpec(
        heads,
        kvHeads,
        keyLength,
        valueLength,
        new ProjectionSpec.Direct(NONE, NONE, NONE),
        NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        (float) (1 / Math.sqrt(keyLength)),
        softcap,
        window,
        Optional.empty(),
        Optional.empty());
  }

  /** A decoder of one such layer, from which buffers get their sizes. */
  DecoderSpec decoder() {
    NormSpec norm = new NormSpec(NormSpec.Kind.RMS, zeros(1), Optional.empty(), 1);
    var feedForward =
        new FeedForwardSpec.Dense(
            1,
            FeedForwardSpec.Form.UNGATED,
            ActivationSpec.parse("relu"),
            Optional.empty(),
            NONE,
            new DownSpec(zeros(1, 1), false, Optional.empty(), 1),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var layer =
        new LayerSpec(
            0,
            LayerSpec.Topology.SEQUENTIAL,
            Optional.empty(),
            spec(),
            Optional.empty(),
            Optional.empty(),
            feedForward,
            Optional.empty(),
            1);
    return new DecoderSpec(
        new ModelConfig("test", "", 1, 1, 1, 1, heads, kvHeads, keyLength, 1),
        new EmbeddingSpec(zeros(1, 1), 1),
        List.of(layer),
        norm,
        new OutputSpec(NONE, 1, 0));
  }

  private static Tensor zeros(long... shape) {
    long count = 1;
    for (long dimension : shape) {
      count *= dimension;
    }
    return new Tensor("zeros", TensorType.F32, shape, Arena.ofAuto().allocate(count * Float.BYTES));
  }
}
