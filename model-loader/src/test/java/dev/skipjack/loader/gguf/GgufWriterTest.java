package dev.skipjack.loader.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
  private static final long[] FOUR = {4};

  @TempDir Path directory;

  @Test
  void aCopyOfAFileThatAnotherProgramWroteIsTheSameToTheByte() throws IOException {
    Path original = directory.resolve("original.gguf");
    Path copy = directory.resolve("copy.gguf");
    try (InputStream in = getClass().getResourceAsStream("arcee-relu2.gguf")) {
      Files.copy(in, original);
    }

    try (GgufFile model = GgufFile.open(original)) {
      GgufWriter writer = new GgufWriter().putAll(model.values());
      model.tensors().values().forEach(writer::tensor);
      writer.write(copy);
      try (GgufFile copied = GgufFile.open(copy)) {
        assertThat(copied.values()).isEqualTo(model.values());
        assertThat(copied.tensors().keySet()).containsExactlyElementsOf(model.tensors().keySet());
        for (Tensor tensor : model.tensors().values()) {
          Tensor same = copied.tensors().get(tensor.name());
          assertThat(same.shape()).isEqualTo(tensor.shape());
          assertThat(same.data().mismatch(tensor.data())).isEqualTo(-1);
        }
      }
    }
    assertThat(Files.mismatch(original, copy)).isEqualTo(-1);
  }

  @Test
  void aVocabularyOfManyWindowsIsReadBack() throws IOException {
    Path target = directory.resolve("target.gguf");
    String[] tokens = new String[30_000];
    Arrays.setAll(tokens, i -> "é".repeat(i % 17) + i);
    GgufWriter writer = new GgufWriter().put("tokens", GgufValue.strings(tokens));
    for (int length : new int[] {65_527, 65_535, 65_536, 65_537, 200_000}) {
      writer.put("text of " + length, GgufValue.string("x".repeat(length)));
      writer.put("\uFFFD of " + length, GgufValue.string("\uFFFD".repeat(length / 3)));
      writer.put("after " + length, GgufValue.integer(GgufType.I64, Long.MIN_VALUE + length));
    }
    writer.put("scores", GgufValue.numbers(GgufType.F64, new double[40_000]));
    writer.write(target);

    try (GgufFile model = GgufFile.open(target)) {
      assertThat(model.metadata().strings("tokens")).contains(List.of(tokens));
      assertThat(model.metadata().requireString("text of 65537")).hasSize(65_537);
      assertThat(model.metadata().requireString("\uFFFD of 200000")).matches("\uFFFD{66666}");
      assertThat(model.metadata().value("after 65536")).contains(Long.MIN_VALUE + 65_536);
      assertThat(model.metadata().numbers("scores")).contains(new double[40_000]);
    }
  }

  @Test
  void aSplitModelBecomesOneFile() throws IOException {
    Path target = directory.resolve("whole.gguf");
    for (int i = 0; i < 2; i++) {
      byte[] part =
          new CraftedGguf()
              .u16("split.no", i)
              .u16("split.count", 2)
              .u16("split.tensors.count", 2)
              .tensor("tensor " + i, 0, 0, 1)
              .data(new RawBytes().f32(i).toArray())
              .build();
      Files.write(directory.resolve("m-%05d-of-00002.gguf".formatted(i + 1)), part);
    }

    try (GgufFile model = GgufFile.open(directory.resolve("m-00001-of-00002.gguf"))) {
      GgufWriter writer = new GgufWriter().putAll(model.values());
      model.tensors().values().forEach(writer::tensor);
      writer.write(target);
    }
    try (GgufFile whole = GgufFile.open(target)) {
      assertThat(whole.tensors().keySet()).containsExactly("tensor 0", "tensor 1");
      assertThat(whole.tensors().get("tensor 1").toFloats()).containsExactly(1);
    }
  }

  @Test
  void aKeySetAgainKeepsItsPlace() throws IOException {
    Path target = directory.resolve("target.gguf");
    new GgufWriter()
        .put("a", GgufValue.u32(1))
        .put("b", GgufValue.string("b"))
        .put("a", GgufValue.bool(true))
        .write(target);

    try (GgufFile model = GgufFile.open(target)) {
      assertThat(model.values().keySet()).containsExactly("a", "b");
      assertThat(model.metadata().bool("a")).contains(true);
    }
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path target = Files.writeString(directory.resolve("target.gguf"), "old");
    GgufWriter writer =
        new GgufWriter()
            .tensor(
                "t",
                TensorType.F32,
                FOUR,
                sink -> {
                  throw new IOException("source went away");
                });

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> writer.write(target))
        .withMessage("source went away");
    assertOnlyTheOldFileIsThere(target);
  }

  @Test
  void anInterruptLeavesTheOldFileAndNothingElse() throws IOException {
    Path target = Files.writeString(directory.resolve("target.gguf"), "old");
    GgufWriter writer =
        new GgufWriter()
            .tensor(
                "t",
                TensorType.F32,
                FOUR,
                sink -> {
                  Thread.currentThread().interrupt();
                  sink.write(bytes(16));
                });

    assertThatExceptionOfType(ClosedByInterruptException.class)
        .isThrownBy(() -> writer.write(target));
    assertThat(Thread.interrupted()).isTrue();
    assertOnlyTheOldFileIsThere(target);
  }

  @Test
  void aSuccessReplacesTheOldFileAndLeavesNothingElse() throws IOException {
    Path target = Files.writeString(directory.resolve("target.gguf"), "old");
    new GgufWriter().tensor("t", TensorType.F32, FOUR, s -> s.write(bytes(16))).write(target);

    try (GgufFile model = GgufFile.open(target)) {
      assertThat(model.tensors()).containsOnlyKeys("t");
    }
    assertThat(files()).containsExactly(target);
  }

  @Test
  void aTensorMustDeliverItsSize() throws IOException {
    for (long wrong : new long[] {0, 12, 20}) {
      GgufWriter writer =
          new GgufWriter().tensor("t", TensorType.F32, FOUR, s -> s.write(bytes(wrong)));

      assertThatIllegalStateException()
          .isThrownBy(() -> writer.write(directory.resolve("target.gguf")))
          .withMessageContaining("tensor t")
          .withMessageContaining("16");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void aMissingDirectoryIsAnIoError() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new GgufWriter().write(directory.resolve("nowhere/target.gguf")));
  }

  @Test
  void aHeaderNoReaderAcceptsIsNotWritten() throws IOException {
    GgufWriter writer = new GgufWriter().put("k", GgufValue.string("x".repeat(64 << 20)));

    assertThatIllegalStateException()
        .isThrownBy(() -> writer.write(directory.resolve("target.gguf")))
        .withMessageContaining("at most 67108864");
    assertThat(files()).isEmpty();
  }

  @Test
  void whatTheFormatForbidsIsRefusedAtOnce() {
    GgufWriter writer = new GgufWriter().tensor("t", TensorType.F32, FOUR, sink -> {});

    assertThatIllegalArgumentException().isThrownBy(() -> writer.put("", GgufValue.u32(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.put("k".repeat(65536), GgufValue.u32(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.put("general.alignment", GgufValue.u32(48)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.put("half a pair \uD83D", GgufValue.u32(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> add(writer, "t", FOUR));
    assertThatIllegalArgumentException().isThrownBy(() -> add(writer, "é".repeat(32), FOUR));
    assertThatIllegalArgumentException().isThrownBy(() -> add(writer, "u", 1, 1, 1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> add(writer, "u", -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.tensor("u", TensorType.Q8_0, FOUR, sink -> {}));
  }

  @Test
  void valuesOutOfTheirTypesRangeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> GgufValue.u32(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> GgufValue.u32(1L << 32));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GgufValue.integers(GgufType.I8, 127, 128));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GgufValue(GgufType.STRING, false, 1L))
        .withMessage("STRING takes a String, not a Long");
  }

  private static void add(GgufWriter writer, String name, long... shape) {
    writer.tensor(name, TensorType.F32, shape, sink -> {});
  }

  private static MemorySegment bytes(long count) {
    return MemorySegment.ofArray(new byte[(int) count]);
  }

  private void assertOnlyTheOldFileIsThere(Path target) throws IOException {
    assertThat(files()).containsExactly(target);
    assertThat(Files.readString(target)).isEqualTo("old");
  }

  private Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList().stream();
    }
  }
}
