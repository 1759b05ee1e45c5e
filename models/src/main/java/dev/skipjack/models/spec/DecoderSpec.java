package dev.skipjack.models.spec;

import java.util.List;

/**
 * A decoder as its checkpoint describes it: every weight bound to its role, every choice between
 * architectures resolved to data. One token runs {@code embedding -> layers -> outputNorm ->
 * output}. Immutable; the tensors live as long as the model file they came from.
 */
public record DecoderSpec(
    ModelConfig config,
    EmbeddingSpec embedding,
    List<LayerSpec> layers,
    NormSpec outputNorm,
    OutputSpec output) {
  public DecoderSpec {
    layers = List.copyOf(layers);
  }

  /** The same around other layers. */
  public DecoderSpec withLayers(List<LayerSpec> others) {
    return new DecoderSpec(config, embedding, others, outputNorm, output);
  }
}
