package dev.skipjack.models.architecture;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.EmbeddingSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.ModelConfig;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.OutputSpec;
import dev.skipjack.models.spec.RopeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Binds what decoders have in common, leaving each {@link Architecture} to say how it differs. The
 * starting point is Llama: pre-norms, direct projections, a gated feed-forward, sequential
 * branches.
 */
final class DecoderBinder {
  final Checkpoint checkpoint;
  final int hiddenSize;
  final int layerCount;
  final int contextLength;
  final int headCount;
  final int keyLength;
  final int valueLength;
  final RopeFactory rope;

  /** Shared by all ordinary layers, so that they share one table of angles. */
  final RopeSpec standardRope;

  NormSpec.Kind normKind = NormSpec.Kind.RMS;
  ActivationSpec activation;
  private float embeddingScale = 1;
  private float logitScale = 1;

  /**
   * @param layout of the rotary pairs, unless the file says otherwise
   * @param activation unless the file or the user says otherwise
   */
  DecoderBinder(Checkpoint checkpoint, RopeSpec.Layout layout, ActivationSpec activation) {
    this.checkpoint = checkpoint;
    this.hiddenSize = checkpoint.requireCount("embedding_length");
    this.layerCount =
        checkpoint.atMost(
            "block_count",
            checkpoint.requireCount("block_count"),
            checkpoint.tensorCount(),
            "the number of tensors");
    this.contextLength =
        checkpoint.atMost(
            "context_length",
            checkpoint.requireCount("context_length"),
            ModelConfig.LONGEST_CONTEXT,
            "more than which no session can hold");
    this.headCount = checkpoint.layerCount("attention.head_count", 0, 0);
    if (headCount == 0) {
      throw checkpoint.error(
          "key " + checkpoint.key("attention.head_count"), "nothing", "1 or more");
    }
    checkpoint.atMost("attention.head_count", headCount, hiddenSize, "the embedding length");
    this.keyLength = checkpoint.extent("attention.key_length", hiddenSize / headCount);
    this.valueLength = checkpoint.extent("attention.value_length", keyLength);
    this.rope = new RopeFactory(checkpoint, layout, keyLength);
    this.standardRope = rope.standard();
    this.activation = ActivationChoice.of(checkpoint, activation);
  }

  DecoderBinder norm(NormSpec.Kind kind) {
    normKind = kind;
    return this;
  }

  /** Multiplies every embedding. */
  DecoderBinder embeddingScale(float scale) {
    embeddingScale = scale;
    return this;
  }

  /** Multiplies the logits. */
  DecoderBinder logitScale(float scale) {
    logitScale = scale;
    return this;
  }

  /** Binds all layers, each customised by the architecture, and everything around them. */
  DecoderSpec bind(Consumer<LayerBinder> customise) {
    Tensor embedding = embedding();
    int vocabularySize = embedding.rows();
    List<LayerSpec> layers = new ArrayList<>(layerCount);
    int feedForwardLength = 0;
    for (int i = 0; i < layerCount; i++) {
      LayerBinder layer = new LayerBinder(this, i);
      customise.accept(layer);
      layers.add(layer.bind());
      feedForwardLength = Math.max(feedForwardLength, layer.feedForwardLength());
    }
    ModelConfig config =
        new ModelConfig(
            checkpoint.architecture(),
            checkpoint.metadata().string("general.name").orElse(""),
            vocabularySize,
            contextLength,
            hiddenSize,
            layerCount,
            headCount,
            checkpoint.layerCount("attention.head_count_kv", 0, headCount),
            keyLength,
            feedForwardLength);
    return new DecoderSpec(
        config,
        new EmbeddingSpec(embedding, embeddingScale),
        layers,
        checkpoint.norm(normKind, "output_norm", hiddenSize),
        output(embedding));
  }

  private Tensor embedding() {
    return checkpoint
        .matrix("token_embd.weight", hiddenSize)
        .orElseThrow(
            () ->
                checkpoint.error(
                    "tensor token_embd.weight",
                    "nothing",
                    "the token embeddings; a vocabulary-only file cannot generate"));
  }

  private OutputSpec output(Tensor embedding) {
    LinearSpec linear =
        checkpoint
            .optional("output.weight", embedding.rows(), hiddenSize)
            .map(weight -> checkpoint.linear("output", weight))
            .orElseGet(() -> LinearSpec.of(embedding));
    return new OutputSpec(linear, logitScale, checkpoint.number("final_logit_softcapping", 0));
  }
}
