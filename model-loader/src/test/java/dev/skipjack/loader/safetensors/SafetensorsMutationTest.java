package dev.skipjack.loader.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class SafetensorsMutationTest {
  private static final byte[] VALID = TestFiles.file(TestFiles.VALID_HEADER, new byte[24]);
  private static Path file;

  @BeforeContainer
  static void createFile() throws IOException {
    file = Files.createTempFile("mutated", ".safetensors");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 4000, seed = "20260101")
  void aMutatedFileOpensOrIsRefused(@ForAll long seed) throws IOException {
    byte[] content = SafetensorsFuzz.mutate(VALID, new Random(seed));
    boolean accepted = SafetensorsFuzz.run(file, content);
    if (content.length < VALID.length) {
      assertThat(accepted).as("a cut file is never accepted").isFalse();
    }
  }

  @Property(tries = 200, seed = "20260102")
  void anyBytesOpenOrAreRefused(@ForAll byte[] content) throws IOException {
    SafetensorsFuzz.run(file, content);
  }
}
