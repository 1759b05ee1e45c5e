package dev.skipjack.models.huggingface;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormat;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recognises directories with a {@code config.json}. */
public record HuggingFaceFormat() implements ModelFormat {
  @Override
  public String name() {
    return "a Hugging Face directory";
  }

  @Override
  public boolean recognises(Path path, byte[] head) {
    return Files.isRegularFile(path.resolve(HuggingFaceDirectory.CONFIG));
  }

  @Override
  public ModelFile open(Path path) {
    return HuggingFaceDirectory.open(path);
  }
}
