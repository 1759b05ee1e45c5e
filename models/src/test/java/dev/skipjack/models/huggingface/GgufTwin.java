package dev.skipjack.models.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.tensor.Tensor;
import java.nio.file.Path;
import java.util.Set;

/** Compares a Hugging Face directory with the GGUF file a converter made of the same weights. */
final class GgufTwin {
  /** Architectures whose converter interleaves the rows of each query and key head. */
  private static final Set<String> INTERLEAVED = Set.of("llama", "arcee", "granite", "smollm3");

  private final ModelFile directory;
  private final ModelFile gguf;
  private final String architecture;

  private GgufTwin(ModelFile directory, ModelFile gguf) {
    this.directory = directory;
    this.gguf = gguf;
    this.architecture = gguf.metadata().requireString("general.architecture");
  }

  /**
   * Asserts that every tensor of the GGUF file is there with the same shape and values, that
   * nothing else is, and that all keys both sides have agree.
   *
   * @return number of keys compared
   */
  static int assertEqual(Path directory, Path gguf) {
    try (ModelFile left = HuggingFaceDirectory.open(directory);
        ModelFile right = GgufFile.open(gguf)) {
      GgufTwin twin = new GgufTwin(left, right);
      assertThat(left.metadata().requireString("general.architecture"))
          .isEqualTo(twin.architecture);
      assertThat(left.tensors().keySet())
          .containsExactlyInAnyOrderElementsOf(right.tensors().keySet());
      right.tensors().values().forEach(twin::assertSameTensor);
      return twin.assertSameKeys();
    }
  }

  private void assertSameTensor(Tensor expected) {
    Tensor actual = directory.tensors().get(expected.name());
    assertThat(actual.shape()).as(expected.name()).isEqualTo(expected.shape());
    float[] values = actual.toFloats();
    if (expected.name().matches("blk\\.\\d+\\.attn_[qk]\\.(weight|bias)")
        && INTERLEAVED.contains(architecture)) {
      values = interleave(values, headSize() * actual.cols());
    }
    assertThat(values).as(expected.name()).containsExactly(expected.toFloats());
  }

  private int headSize() {
    return gguf.metadata().requireInteger(architecture + ".rope.dimension_count");
  }

  /** Row i of the first half of each head goes to row 2i, of the second half to row 2i + 1. */
  private float[] interleave(float[] values, int headLength) {
    int cols = headLength / headSize();
    int half = headSize() / 2;
    float[] interleaved = new float[values.length];
    for (int row = 0; row < values.length / cols; row++) {
      int head = row / headSize();
      int inHead = row % headSize();
      int target = head * headSize() + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
      System.arraycopy(values, row * cols, interleaved, target * cols, cols);
    }
    return interleaved;
  }

  private int assertSameKeys() {
    int compared = 0;
    for (String key : gguf.metadata().keys()) {
      if (key.startsWith(architecture + ".") && directory.metadata().has(key)) {
        Object expected = gguf.metadata().value(key).orElseThrow();
        if (expected instanceof String) {
          assertThat(directory.metadata().value(key)).as(key).contains(expected);
        } else {
          assertThat((float) directory.metadata().requireNumber(key))
              .as(key)
              .isEqualTo((float) gguf.metadata().requireNumber(key));
        }
        compared++;
      }
    }
    return compared;
  }
}
