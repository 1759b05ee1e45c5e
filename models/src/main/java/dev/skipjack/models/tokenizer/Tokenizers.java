package dev.skipjack.models.tokenizer;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.tokenizer.gguf.GgufPipelines;
import java.nio.file.Path;

/** Builds the tokenizer that a model brings along. */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * The tokenizer in the {@code tokenizer.ggml.*} keys of a GGUF file.
   *
   * @throws ModelFormatException if there is none, it is of an unknown kind, or it contradicts
   *     itself
   */
  public static Tokenizer fromGguf(Metadata metadata) {
    return new PipelineTokenizer(GgufPipelines.read(metadata));
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
