package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.Checkpoints;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A model file that loses its end while it is in use. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows refuses to truncate a mapped file")
class TruncatedModelTest {
  @TempDir Path directory;

  @Test
  void loadingSaysThatTheFileChanged() throws IOException {
    Path path = copy();
    ModelFile file = Checkpoints.open(path);
    truncate(path);

    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> LanguageModel.of(file, LoadOptions.DEFAULTS.withThreads(2)))
        .withMessage("%s: the model file changed on disk while it was open; load it again", path);
  }

  @Test
  void computingSaysThatTheFileChanged() throws IOException {
    Path path = copy();
    try (LanguageModel model = LanguageModel.load(path, LoadOptions.DEFAULTS.withThreads(2));
        Session session = model.newSession()) {
      truncate(path);

      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> session.evaluate(1, 2, 3))
          .withMessage("%s: the model file changed on disk while it was open; load it again", path);
    }
  }

  private Path copy() throws IOException {
    return Files.copy(Fixture.path("gguf/llama.gguf"), directory.resolve("model.gguf"));
  }

  private static void truncate(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(1);
    }
  }
}
