package dev.skipjack.loader.gguf;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** GGUF and PowerInfer's variant of it, by magic or by file name. */
public record GgufFormat() implements ModelFormat {
  @Override
  public String name() {
    return "GGUF";
  }

  /** A file that only claims to be GGUF is recognised too: opening it says what it is instead. */
  @Override
  public boolean recognises(Path path, byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return text.startsWith("GGUF")
        || text.startsWith("PWRI")
        || head.length > 0 && path.toString().endsWith(".gguf");
  }

  @Override
  public ModelFile open(Path path) {
    return GgufFile.open(path);
  }
}
