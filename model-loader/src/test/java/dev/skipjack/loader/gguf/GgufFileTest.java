package dev.skipjack.loader.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.PlacedBytes;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  @TempDir Path directory;

  @Test
  void metadataKeepsItsTypes() throws IOException {
    try (GgufFile model = open(CraftedGguf.valid())) {
      Metadata metadata = model.metadata();

      assertThat(model.container()).isEqualTo("GGUF v3");
      assertThat(metadata.requireString("general.architecture")).isEqualTo("llama");
      assertThat(metadata.value("u8")).contains(255L);
      assertThat(metadata.value("i8")).contains(-1L);
      assertThat(metadata.value("u16")).contains(65535L);
      assertThat(metadata.value("i16")).contains(-2L);
      assertThat(metadata.value("u32")).contains(4294967295L);
      assertThat(metadata.value("i32")).contains(-3L);
      assertThat(metadata.value("f32")).contains((double) 1e-5f);
      assertThat(metadata.bool("bool")).contains(true);
      assertThat(metadata.value("u64")).contains(Long.MAX_VALUE);
      assertThat(metadata.value("i64")).contains(Long.MIN_VALUE);
      assertThat(metadata.value("f64")).contains(Math.PI);
      assertThat(metadata.strings("strings")).contains(List.of("", "héllo", "\uFFFD🙂"));
      assertThat(metadata.integers("i32s")).contains(new long[] {-1, 7});
      assertThat(metadata.numbers("f32s")).contains(new double[] {0.5, -2});
      assertThat(metadata.bools("bools")).contains(new boolean[] {true, false, true});
      assertThat(metadata.integers("none")).contains(new long[0]);
      assertThat(metadata.has(GgufFile.POWERINFER_KEY)).isFalse();
      assertThat(model.values()).containsOnlyKeys(metadata.keys());
      assertThat(model.values().get("u16")).isEqualTo(GgufValue.integer(GgufType.U16, 65535));
      assertThat(model.values().get("f32s")).isEqualTo(GgufValue.numbers(GgufType.F32, 0.5, -2));
    }
  }

  @Test
  void tensorsAreViewsOfTheFile() throws IOException {
    try (GgufFile model = open(CraftedGguf.valid())) {
      Tensor matrix = model.tensors().get("matrix");
      Tensor blocks = model.tensors().get("blocks");
      long fileSize = Files.size(directory.resolve("model.gguf"));

      assertThat(model.tensors().keySet()).containsExactly("matrix", "half", "blocks");
      assertThat(matrix.shape()).containsExactly(2, 3);
      assertThat(matrix.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(blocks.type()).isEqualTo(TensorType.Q8_0);
      assertThat(blocks.data().isReadOnly()).isTrue();
      assertThat(blocks.data().isMapped()).isTrue();
      assertThat(model.fileOffset(matrix) % 64).isZero();
      assertThat(model.fileOffset(blocks)).isEqualTo(fileSize - 68);
      assertThat(model.fileOffset(blocks.rows(1, 1))).isEqualTo(fileSize - 34);
    }
  }

  @Test
  void tensorsKnowWhereTheirBytesAreInTheFile() throws IOException {
    try (GgufFile model = open(CraftedGguf.valid())) {
      for (Tensor tensor : model.tensors().values()) {
        PlacedBytes.assertAreThoseOf(tensor);
      }
      PlacedBytes.assertAreThoseOf(model.tensors().get("blocks").rows(1, 1));
    }
  }

  @Test
  void aTensorOfAnotherModelHasNoOffset() throws IOException {
    try (GgufFile model = open(CraftedGguf.valid())) {
      MemorySegment elsewhere = MemorySegment.ofArray(new int[1]);
      Tensor stranger = new Tensor("stranger", TensorType.F32, new long[] {1}, elsewhere);

      assertThatIllegalArgumentException().isThrownBy(() -> model.fileOffset(stranger));
    }
  }

  @Test
  void closingUnmapsAndMayBeRepeated() throws IOException {
    GgufFile model = open(CraftedGguf.valid());
    Tensor matrix = model.tensors().get("matrix");

    model.close();
    model.close();

    assertThatIllegalStateException().isThrownBy(matrix::toFloats);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux lists a process's maps")
  void aRefusedFileDoesNotStayMapped() throws IOException {
    Path file = directory.resolve("model.gguf");
    try (GgufFile model = open(CraftedGguf.valid())) {
      assertThat(mappedFiles()).anyMatch(line -> line.endsWith(model.source()));
    }
    Files.write(file, CraftedGguf.valid().moreTensors(1).build());
    assertThatExceptionOfType(ModelFormatException.class).isThrownBy(() -> GgufFile.open(file));

    assertThat(mappedFiles()).noneMatch(line -> line.endsWith(file.toString()));
  }

  private static List<String> mappedFiles() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps"));
  }

  @Test
  void version2IsLaidOutLikeVersion3() throws IOException {
    try (GgufFile model = open(CraftedGguf.valid().version(2))) {
      assertThat(model.container()).isEqualTo("GGUF v2");
      assertThat(model.tensors().get("matrix").toFloats()).endsWith(6);
    }
  }

  @Test
  void powerInferShowsInContainerAndMetadataButNotInTheStoredValues() throws IOException {
    try (GgufFile model = open(CraftedGguf.valid().magic("PWRI"))) {
      assertThat(model.container()).isEqualTo("PowerInfer GGUF v3");
      assertThat(model.metadata().bool(GgufFile.POWERINFER_KEY)).contains(true);
      assertThat(model.values()).doesNotContainKey(GgufFile.POWERINFER_KEY);
    }
  }

  @Test
  void emptyTensorsScalarsAndTrailingOnesAreValid() throws IOException {
    CraftedGguf crafted =
        new CraftedGguf()
            .tensor("TENSORS_ZERO_DIM", 0, 0, 4, 0)
            .tensor("empty rows", 8, 0, 0, 7)
            .tensor("scalar", 0, 0)
            .tensor("ones", 0, 32, 2, 1, 1, 1)
            .zeros(40);
    try (GgufFile model = open(crafted)) {
      assertThat(model.tensors().get("TENSORS_ZERO_DIM").shape()).containsExactly(0, 4);
      assertThat(model.tensors().get("TENSORS_ZERO_DIM").toFloats()).isEmpty();
      assertThat(model.tensors().get("empty rows").rows()).isEqualTo(7);
      assertThat(model.tensors().get("scalar").toFloats()).hasSize(1);
      assertThat(model.tensors().get("ones").shape()).containsExactly(1, 1, 1, 2);
    }
  }

  @Test
  void aVocabularyAloneNeedsNoData() throws IOException {
    CraftedGguf crafted = new CraftedGguf().string("general.architecture", "llama").padding(1);
    try (GgufFile model = open(crafted)) {
      assertThat(model.tensors()).isEmpty();
    }
  }

  @Test
  void tensorsBeyondTwoGibibytesAreReached() throws IOException {
    long rows = 5L << 20;
    Path file = directory.resolve("large.gguf");
    byte[] header =
        new CraftedGguf()
            .tensor("hole", 0, 0, 256, rows)
            .tensor("last", 0, rows * 256 * 4, 2)
            .build();
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(header);
      out.seek(header.length + rows * 256 * 4);
      out.write(new RawBytes().f32(1.5f).f32(-2.5f).toArray());
    }

    try (GgufFile model = GgufFile.open(file)) {
      Tensor last = model.tensors().get("last");
      assertThat(model.fileOffset(last)).isGreaterThan(5L << 30);
      assertThat(last.toFloats()).containsExactly(1.5f, -2.5f);
      assertThat(model.tensors().get("hole").rows(5_000_000, 1).toFloats()).containsOnly(0);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aHeaderOfMoreThanTheLimitIsHostile() throws IOException {
    Path file = directory.resolve("model.gguf");
    long length = Integer.MAX_VALUE;
    byte[] header = new CraftedGguf().array("k", 0, length, raw -> raw).padding(1).build();
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(header);
      out.setLength(3L << 30);
    }

    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufFile.open(file))
        .withMessageContaining("byte 41: key k: array length: found 2147483647")
        .withMessageContaining("at most 67108815 in the 67108815 of the 67108864 bytes a header");
    Files.delete(file);
  }

  @Test
  void aStreamIsReadIntoNativeMemory() {
    byte[] bytes = CraftedGguf.valid().build();
    try (GgufFile model = read(bytes, bytes.length)) {
      Tensor matrix = model.tensors().get("matrix");

      assertThat(matrix.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(matrix.data().isNative()).isTrue();
      assertThat(matrix.place()).isEmpty();
      assertThat(matrix.data().isReadOnly()).isTrue();
      assertThat(model.fileOffset(matrix) % 64).isZero();
      assertThat(model.source()).isEqualTo("bundled");
    }
  }

  @Test
  void aStreamOfAnotherSizeIsRefused() {
    byte[] bytes = CraftedGguf.valid().build();

    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(bytes, bytes.length + 1))
        .withMessage(
            "bundled: stream: found %d bytes, expected %d bytes", bytes.length, bytes.length + 1);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(bytes, bytes.length - 1))
        .withMessageContaining("expected %d bytes", bytes.length - 1);
  }

  @Test
  void aStreamThatFailsIsRefused() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk on fire");
          }
        };

    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufFile.read(failing, 10, "bundled"))
        .withMessageContaining("disk on fire")
        .withCauseInstanceOf(IOException.class);
  }

  @Test
  void everySupportedTypeHasItsOwnName() {
    assertThat(TensorType.values()).filteredOn(TensorType::isGguf).allMatch(GgmlTypeNames::knows);
  }

  private GgufFile open(CraftedGguf crafted) throws IOException {
    Path file = directory.resolve("model.gguf");
    Files.write(file, crafted.build());
    return GgufFile.open(file);
  }

  private static GgufFile read(byte[] bytes, long size) {
    return GgufFile.read(new ByteArrayInputStream(bytes), size, "bundled");
  }
}
