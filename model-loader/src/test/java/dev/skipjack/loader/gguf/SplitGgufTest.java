package dev.skipjack.loader.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.PlacedBytes;
import dev.skipjack.loader.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitGgufTest {
  @TempDir Path directory;

  @BeforeEach
  void writeThreeParts() throws IOException {
    write(1, part(0, 3, 4).string("general.name", "split").tensor("a", 0, 0, 2).data(floats(1, 2)));
    write(
        2,
        part(1, 3, 4)
            .tensor("b", 0, 0, 1)
            .tensor("c", 0, 32, 1)
            .data(floats(3))
            .zeros(28)
            .data(floats(4)));
    write(3, part(2, 3, 4).tensor("d", 0, 0, 1).data(floats(5)));
  }

  @Test
  void theFirstPartOpensAll() {
    try (GgufFile model = GgufFile.open(path(1))) {
      assertThat(model.tensors().keySet()).containsExactly("a", "b", "c", "d");
      assertThat(model.tensors().get("a").toFloats()).containsExactly(1, 2);
      assertThat(model.tensors().get("c").toFloats()).containsExactly(4);
      assertThat(model.tensors().get("d").toFloats()).containsExactly(5);
      assertThat(model.fileOffset(model.tensors().get("c")) % 32).isZero();
      for (Tensor tensor : model.tensors().values()) {
        PlacedBytes.assertAreThoseOf(tensor);
      }
      assertThat(model.values()).containsOnlyKeys("general.name");
    }
  }

  @Test
  void aLaterPartNamesTheFirst() {
    refuses(2, "split.no", "part 2 of 3", path(1).toString());
  }

  @Test
  void aPartUnderTheNameOfAnotherIsRefused() throws IOException {
    Files.move(path(2), path(1), StandardCopyOption.REPLACE_EXISTING);
    refuses(1, "split.no: found 1, expected 0, as the file name says");
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    Files.delete(path(3));
    refuses(1, path(3) + ": no such file");
  }

  @Test
  void aRenamedPartIsRefused() throws IOException {
    Path renamed = directory.resolve("renamed.gguf");
    Files.move(path(1), renamed);

    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufFile.open(renamed))
        .withMessageContaining("found renamed.gguf")
        .withMessageContaining("-00001-of-00003.gguf");
  }

  @Test
  void partsInTheWrongOrderAreRefused() throws IOException {
    Files.delete(path(2));
    Files.copy(path(3), path(2));
    refuses(1, path(2) + ": keys split.no and split.count: found 2 of 3, expected 1 of 3");
  }

  @Test
  void aPartOfAnotherSplitIsRefused() throws IOException {
    write(2, part(1, 4, 4));
    refuses(1, "found 1 of 4, expected 1 of 3");
  }

  @Test
  void aLaterPartWithoutSplitKeysIsRefused() throws IOException {
    write(2, new CraftedGguf());
    refuses(1, path(2) + ": key split.no: found nothing");
  }

  @Test
  void aTensorInTwoPartsIsRefused() throws IOException {
    write(3, part(2, 3, 4).tensor("a", 0, 0, 1).data(floats(5)));
    refuses(1, "tensor a", "in two parts");
  }

  @Test
  void aMissingTensorIsCounted() throws IOException {
    write(3, part(2, 3, 4));
    refuses(1, "found 3 tensors, expected 4 tensors");
  }

  @Test
  void aMalformedLaterPartIsNamed() throws IOException {
    Files.write(path(3), new byte[] {1, 2, 3, 4});
    refuses(1, path(3) + ": byte 0: magic");
  }

  @Test
  void aSplitIntoZeroPartsIsWhole() throws IOException {
    write(1, part(0, 0, 1).tensor("a", 0, 0, 1).data(floats(5)));
    try (GgufFile model = GgufFile.open(path(1))) {
      assertThat(model.tensors()).containsOnlyKeys("a");
    }
  }

  @Test
  void aSplitModelCannotComeFromAStream() throws IOException {
    byte[] bytes = Files.readAllBytes(path(1));

    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufFile.read(new ByteArrayInputStream(bytes), bytes.length, "bundled"))
        .withMessage("bundled: key split.count: found 3 parts, expected one part");
  }

  private void refuses(int part, String... fragments) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufFile.open(path(part)))
        .satisfies(e -> assertThat(e.getMessage()).contains(fragments));
  }

  private static CraftedGguf part(int number, int count, int tensors) {
    return new CraftedGguf()
        .u16("split.no", number)
        .u16("split.count", count)
        .key("split.tensors.count", CraftedGguf.I32, raw -> raw.u32(tensors));
  }

  private static byte[] floats(float... values) {
    RawBytes raw = new RawBytes();
    for (float value : values) {
      raw.f32(value);
    }
    return raw.toArray();
  }

  private Path path(int part) {
    return directory.resolve("m-%05d-of-00003.gguf".formatted(part));
  }

  private void write(int part, CraftedGguf crafted) throws IOException {
    Files.write(path(part), crafted.build());
  }
}
