package dev.skipjack.models.tokenizer;

import dev.skipjack.loader.gguf.GgufFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Texts with the ids and the decoded text that the reference implementations give. */
final class GoldenTexts {
  /** One text; Jackson fills it. */
  record Golden(String text, int[] ids, String decoded) {
    @Override
    public String toString() {
      return "\"" + text + "\"";
    }
  }

  private GoldenTexts() {}

  /** The folder of a fixture. */
  static Path folder(String name) {
    try {
      return Path.of(GoldenTexts.class.getResource("/tokenizers/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Golden> read(String name) {
    Path file = folder(name).resolve("golden.json");
    return Arrays.asList(new JsonMapper().readValue(file.toFile(), Golden[].class));
  }

  /** The tokenizer of a fixture's GGUF file. */
  static Tokenizer gguf(String name) {
    try (GgufFile file = GgufFile.open(folder(name).resolve("vocab.gguf"))) {
      return Tokenizers.fromGguf(file.metadata());
    }
  }
}
