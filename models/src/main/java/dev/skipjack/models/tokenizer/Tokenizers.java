package dev.skipjack.models.tokenizer;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.tokenizer.gguf.GgufPipelines;
import dev.skipjack.models.tokenizer.huggingface.HuggingFacePipelines;
import dev.skipjack.models.tokenizer.sentencepiece.SentencePiecePipelines;
import java.nio.file.Files;
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
   * The tokenizer of a Hugging Face directory: {@code tokenizer.json} with the files beside it, or
   * else the SentencePiece model {@code tokenizer.model}.
   *
   * @throws ModelFormatException if there is neither, it cannot be read, or it asks for something
   *     unknown
   */
  public static Tokenizer fromHuggingFace(Path directory) {
    Path sentencePiece = directory.resolve("tokenizer.model");
    if (Files.exists(directory.resolve("tokenizer.json"))) {
      return new PipelineTokenizer(HuggingFacePipelines.read(directory));
    }
    if (Files.exists(sentencePiece)) {
      return new PipelineTokenizer(SentencePiecePipelines.read(sentencePiece));
    }
    throw new ModelFormatException(
        directory.toString(), "tokenizer", "no file", "tokenizer.json or tokenizer.model");
  }
}
