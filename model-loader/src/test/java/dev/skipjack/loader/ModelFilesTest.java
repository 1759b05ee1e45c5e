package dev.skipjack.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
  @TempDir Path directory;

  @Test
  void theMagicDecidesNotTheName() throws IOException {
    ByteBuffer empty = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    empty.put("GGUF".getBytes()).putInt(3);
    Path file = Files.write(directory.resolve("blob-without-extension"), empty.array());

    try (ModelFile model = ModelFiles.open(file)) {
      assertThat(model.container()).isEqualTo("GGUF v3");
      assertThat(model.source()).isEqualTo(file.toString());
    }
  }

  @Test
  void aMissingPathIsNamed() {
    Path nowhere = directory.resolve("nowhere.gguf");
    refuses(nowhere, nowhere + ": no such file or directory");
  }

  @Test
  void linksThatLeadInACircleAreNotFollowed() throws IOException {
    Path link = directory.resolve("circle.gguf");
    Files.createSymbolicLink(link, link);
    refuses(link, link + ": cannot be reached; check its permissions");
  }

  @Test
  void aDirectoryWithoutConfigurationIsNoModel() {
    refuses(directory, directory + ": container: found a directory without config.json");
  }

  @Test
  void anEmptyFileIsSaidToBeEmpty() throws IOException {
    refuses(Files.createFile(directory.resolve("empty.gguf")), "empty");
    refuses(Files.createFile(directory.resolve("empty.bin")), "empty");
  }

  @Test
  void anUnknownFileShowsItsFirstBytes() throws IOException {
    Path file = Files.write(directory.resolve("model.bin"), new byte[] {1, 2, (byte) 0xfe});
    refuses(file, file + ": container: found a file that begins with the bytes 01 02 fe");
  }

  @Test
  void aFileThatOnlyClaimsToBeGgufIsToldWhatItIs() throws IOException {
    Path file = Files.writeString(directory.resolve("model.gguf"), "<!DOCTYPE html>");
    refuses(file, "a web page; the download did not deliver the model");
  }

  private static void refuses(Path path, String fragment) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelFiles.open(path))
        .withMessageContaining(fragment);
  }
}
