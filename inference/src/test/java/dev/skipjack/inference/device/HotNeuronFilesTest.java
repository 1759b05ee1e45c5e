package dev.skipjack.inference.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.loader.ModelFiles;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.architecture.DescribeOptions;
import dev.skipjack.models.spec.DecoderSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of PowerInfer and our own, beside and instead of a model's. */
class HotNeuronFilesTest {
  @TempDir private Path directory;
  private Path model;

  @BeforeEach
  void copyModel() throws IOException, URISyntaxException {
    model = directory.resolve("model.gguf");
    Files.copy(
        Path.of(LanguageModel.class.getResource("fixtures/gguf/llama-relu.gguf").toURI()), model);
  }

  /** A file as PowerInfer writes it: GGUF under another magic, two tensors to a layer. */
  private static void write(Path path, String name, int[]... layers) throws IOException {
    GgufWriter writer =
        new GgufWriter()
            .put("general.architecture", GgufValue.string("generic.gpu_index"))
            .put("split.vram_capacity", GgufValue.integer(GgufType.U64, 1 << 20));
    for (int i = 0; i < layers.length; i++) {
      byte[] bytes = new byte[layers[i].length * Integer.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(layers[i]);
      writer.tensor(
          name.formatted(i),
          TensorType.I32,
          new long[] {layers[i].length},
          sink -> sink.write(MemorySegment.ofArray(bytes)));
    }
    writer.write(path);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write("PWRI".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private Optional<HotNeurons> find(HotNeuronChoice choice) {
    try (ModelFile file = ModelFiles.open(model)) {
      DecoderSpec spec = Architectures.describe(file, new DescribeOptions(Optional.empty(), 0));
      return HotNeuronFiles.find(choice, file, spec);
    }
  }

  private int[] marks(int length, int... hot) {
    int[] marks = new int[length];
    for (int neuron : hot) {
      marks[neuron] = 1;
    }
    return marks;
  }

  private int length() {
    try (ModelFile file = ModelFiles.open(model)) {
      return Architectures.describe(file, new DescribeOptions(Optional.empty(), 0))
          .config()
          .feedForwardLength();
    }
  }

  @Test
  void findsTheFileBesideTheModel() throws IOException {
    assertThat(find(HotNeuronChoice.AUTO)).isEmpty();
    write(
        directory.resolve("model.gguf.generated.gpuidx"),
        "blk.%d.gpu_idx",
        marks(length(), 3, 5),
        marks(length()));

    assertThat(find(HotNeuronChoice.AUTO).orElseThrow())
        .isInstanceOfSatisfying(
            HotNeurons.Chosen.class,
            chosen -> {
              assertThat(chosen.layers().get(0)).containsExactly(3, 5);
              assertThat(chosen.layers().get(1)).isEmpty();
              assertThat(chosen.source()).endsWith(".generated.gpuidx");
            });
    assertThat(find(HotNeuronChoice.OFF)).isEmpty();
  }

  @Test
  void readsTheFileThatIsNamed() throws IOException {
    Path other = directory.resolve("counts.gguf");
    int[] counts = marks(length(), 7);
    write(other, "blk.%d.ffn_counts.weight", counts, counts);

    assertThat(find(HotNeuronChoice.parse(other.toString())).orElseThrow())
        .isInstanceOfSatisfying(
            HotNeurons.Counted.class,
            counted -> assertThat(counted.layers().get(1)).containsExactly(counts));
  }

  @Test
  void refusesFilesOfOtherModels() throws IOException {
    Path other = directory.resolve("other.gpuidx");
    HotNeuronChoice choice = HotNeuronChoice.parse(other.toString());
    write(other, "blk.%d.gpu_idx", marks(length(), 3));
    assertThatThrownBy(() -> find(choice))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("found no blk.1.gpu_idx, expected blk.1.gpu_idx I32 [");
    write(other, "blk.%d.gpu_idx", marks(8, 3), marks(8, 3));
    assertThatThrownBy(() -> find(choice))
        .hasMessageContaining("found blk.0.gpu_idx I32 [8]")
        .hasMessageContaining("the file is not for this model");
    int[] wrong = marks(length());
    wrong[2] = 7;
    write(other, "blk.%d.gpu_idx", wrong, wrong);
    assertThatThrownBy(() -> find(choice))
        .hasMessageContaining("found 7 at 2 of blk.0.gpu_idx, expected 0 or 1");
    write(other, "blk.%d.something", wrong);
    assertThatThrownBy(() -> find(choice))
        .hasMessageContaining("found neither blk.0.gpu_idx nor blk.0.ffn_counts.weight");
  }
}
