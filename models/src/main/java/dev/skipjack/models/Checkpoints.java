package dev.skipjack.models;

import dev.skipjack.loader.ModelFiles;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.chat.ChatFormat;
import dev.skipjack.models.chat.ChatTemplates;
import dev.skipjack.models.huggingface.HuggingFaceDirectory;
import dev.skipjack.models.tokenizer.Tokenizer;
import dev.skipjack.models.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens whatever people keep models in: a GGUF file or a Hugging Face directory. */
public final class Checkpoints {
  private Checkpoints() {}

  /**
   * Opens a model; a {@code .safetensors} file means the directory it is in.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if it cannot be used as it is
   */
  public static ModelFile open(Path path) {
    if (Files.isDirectory(path)) {
      // An empty path means the working directory, which messages should name.
      return HuggingFaceDirectory.open(path.toString().isEmpty() ? Path.of(".") : path);
    }
    if (path.toString().endsWith(".safetensors") && Files.exists(path)) {
      return HuggingFaceDirectory.open(path.toAbsolutePath().getParent());
    }
    return ModelFiles.open(path);
  }

  /** Whether an open model brings a tokenizer. */
  public static boolean hasTokenizer(ModelFile file) {
    if (file instanceof HuggingFaceDirectory model) {
      Path directory = model.directory();
      return Files.exists(directory.resolve("tokenizer.json"))
          || Files.exists(directory.resolve("tokenizer.model"));
    }
    String kind = file.metadata().string("tokenizer.ggml.model").orElse("none");
    return !kind.equals("none") && !kind.equals("no_vocab");
  }

  /** The tokenizer that comes with an open model. */
  public static Tokenizer tokenizer(ModelFile file) {
    return file instanceof HuggingFaceDirectory directory
        ? Tokenizers.fromHuggingFace(directory.directory())
        : Tokenizers.fromGguf(file.metadata());
  }

  /**
   * How conversations with an open model are written.
   *
   * @param tokenizer the model's
   */
  public static ChatFormat chatFormat(ModelFile file, Tokenizer tokenizer) {
    ChatTemplates templates =
        file instanceof HuggingFaceDirectory directory
            ? ChatTemplates.find(directory.directory())
            : ChatTemplates.find(file.metadata());
    return new ChatFormat(templates, tokenizer);
  }
}
