package dev.skipjack.models.tokenizer;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import java.nio.file.Path;

/** Builds the tokenizer a model file describes. */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * The tokenizer in {@code tokenizer.ggml.*} keys.
   *
   * @throws ModelFormatException if there is none, it is of an unknown kind, or it contradicts
   *     itself
   */
  public static Tokenizer fromGguf(Metadata metadata) {
    String kind = metadata.requireString("tokenizer.ggml.model");
    return switch (kind) {
      case "llama" -> new SpmTokenizer(metadata);
      default ->
          throw new ModelFormatException(
              "key tokenizer.ggml.model: found %s, expected llama".formatted(kind));
    };
  }

  /**
   * The tokenizer in a Hugging Face directory.
   *
   * @throws ModelFormatException if there is none or it is of an unknown kind
   */
  public static Tokenizer fromHuggingFace(Path directory) {
    throw new ModelFormatException(
        directory + ": found a Hugging Face tokenizer, expected a GGUF file");
  }
}
