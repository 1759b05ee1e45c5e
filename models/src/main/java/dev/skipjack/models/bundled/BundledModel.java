package dev.skipjack.models.bundled;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.gguf.GgufFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;

/**
 * The small model that comes inside the jar, so that the first command works without a download:
 * stories-relu2, 5 million parameters, ungated squared-ReLU feed-forward, Q8_0. Its card is in
 * {@code docs/bundled-model.md}.
 */
public final class BundledModel {
  /** What people call it. */
  public static final String NAME = "stories-relu2";

  private static final String RESOURCE = "stories-relu2-Q8_0.gguf";

  private BundledModel() {}

  /** Reads the model into native memory; nothing is unpacked to disk. */
  public static ModelFile open() {
    URL resource = BundledModel.class.getResource(RESOURCE);
    if (resource == null) {
      throw new IllegalStateException("resource " + RESOURCE + " is missing from this build");
    }
    try {
      var connection = resource.openConnection();
      try (InputStream stream = connection.getInputStream()) {
        return GgufFile.read(stream, connection.getContentLengthLong(), NAME + " (bundled)");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
