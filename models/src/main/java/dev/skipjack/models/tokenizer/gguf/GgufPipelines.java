package dev.skipjack.models.tokenizer.gguf;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.tokenizer.pipeline.Pipeline;

/** Builds the tokenizer that {@code tokenizer.ggml.*} keys describe. */
public final class GgufPipelines {
  private GgufPipelines() {}

  /**
   * @throws ModelFormatException if there is none, it is of an unknown kind, or it contradicts
   *     itself
   */
  public static Pipeline read(Metadata metadata) {
    String model = metadata.requireString("tokenizer.ggml.model");
    return switch (model) {
      case "llama" -> GgufSentencePiece.read(new GgufTokenData(metadata));
      case "gpt2" -> GgufBytePair.readByteLevel(new GgufTokenData(metadata));
      case "gemma4" -> GgufBytePair.readSpaced(new GgufTokenData(metadata));
      default ->
          throw new ModelFormatException(
              metadata.source(),
              "key tokenizer.ggml.model",
              "\"" + model + "\"",
              "one of llama, gpt2, gemma4");
    };
  }
}
