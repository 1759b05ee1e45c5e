package dev.skipjack.loader.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ModelMemoryTest {
  @TempDir Path directory;

  @Test
  void aFileIsMappedAndRead() throws IOException {
    try (ModelMemory memory = new ModelMemory()) {
      MappedFile file = memory.map(write("model", 1, 2, 3, 4, 5));
      assertThat(file.memory().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3, 4, 5);
      assertThat(read(file, 3, 2)).containsExactly(4, 5);
      assertThat(read(file, 0, 3)).containsExactly(1, 2, 3);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows refuses to replace a mapped file")
  void whatIsReadIsOfTheMappedFileAfterItWasReplaced() throws IOException {
    try (ModelMemory memory = new ModelMemory()) {
      Path path = write("model", 1, 2, 3);
      MappedFile file = memory.map(path);
      Files.move(write("other", 7, 8, 9), path, StandardCopyOption.REPLACE_EXISTING);
      assertThat(read(file, 1, 2)).containsExactly(2, 3);
      assertThat(file.memory().get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 2);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows refuses to truncate a mapped file")
  void aFileThatWasCutIsNamed() throws IOException {
    try (ModelMemory memory = new ModelMemory()) {
      Path path = write("model", 1, 2, 3, 4, 5);
      MappedFile file = memory.map(path);
      try (RandomAccessFile cut = new RandomAccessFile(path.toFile(), "rw")) {
        cut.setLength(2);
      }
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> read(file, 1, 2))
          .withMessage(path + ": the model file changed on disk while it was open; load it again");
      assertThat(read(file, 0, 2)).containsExactly(1, 2);
    }
  }

  /** A channel would be closed by it, for all threads. */
  @Test
  void anInterruptedThreadReadsAsOthersDo() throws IOException {
    try (ModelMemory memory = new ModelMemory()) {
      MappedFile file = memory.map(write("model", 1, 2, 3));
      Thread.currentThread().interrupt();
      assertThat(read(file, 1, 1)).containsExactly(2);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(read(file, 2, 1)).containsExactly(3);
    }
  }

  @Test
  void nothingIsReadAfterClosing() throws IOException {
    ModelMemory memory = new ModelMemory();
    MappedFile file = memory.map(write("model", 1, 2, 3));
    memory.close();
    memory.close();
    assertThatIllegalStateException().isThrownBy(() -> read(file, 0, 1));
    assertThatIllegalStateException().isThrownBy(() -> file.memory().get(ValueLayout.JAVA_BYTE, 0));
  }

  private static byte[] read(MappedFile file, long offset, int count) {
    byte[] target = new byte[count];
    file.read(offset, target);
    return target;
  }

  private Path write(String name, int... content) throws IOException {
    byte[] bytes = new byte[content.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) content[i];
    }
    return Files.write(directory.resolve(name), bytes);
  }
}
