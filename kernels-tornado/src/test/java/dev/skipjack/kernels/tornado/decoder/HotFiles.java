package dev.skipjack.kernels.tornado.decoder;

import dev.skipjack.inference.device.HotNeuronFiles;
import dev.skipjack.kernels.tornado.graph.PlannedBytes;
import dev.skipjack.loader.ModelFiles;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.architecture.DescribeOptions;
import dev.skipjack.models.spec.DecoderSpec;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Files that say which neurons of a model are hot. */
public final class HotFiles {
  private static final int CONTEXT = 64;

  private HotFiles() {}

  /** Every second neuron, but none of the last layer. */
  public static Path everySecond(Path model, Path folder) throws IOException {
    int last = read(model, spec -> spec.layers().size() - 1);
    int length = read(model, spec -> spec.config().feedForwardLength());
    return write(
        folder.resolve("hot.gpuidx"),
        "blk.%d.gpu_idx"::formatted,
        last + 1,
        layer -> IntStream.range(0, length).map(i -> layer == last ? 0 : i % 2).toArray());
  }

  /** Later neurons are hotter. */
  public static Path counts(Path model, Path folder) throws IOException {
    int layers = read(model, spec -> spec.layers().size());
    int length = read(model, spec -> spec.config().feedForwardLength());
    return write(
        folder.resolve("counts.gguf"),
        HotNeuronFiles::countsTensor,
        layers,
        layer -> IntStream.range(0, length).map(i -> i + layer).toArray());
  }

  private static Path write(
      Path path, IntFunction<String> name, int layers, IntFunction<int[]> values)
      throws IOException {
    GgufWriter writer =
        new GgufWriter().put("general.architecture", GgufValue.string("generic.gpu_index"));
    for (int i = 0; i < layers; i++) {
      int[] layer = values.apply(i);
      byte[] bytes = new byte[layer.length * Integer.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(layer);
      writer.tensor(
          name.apply(i),
          TensorType.I32,
          new long[] {layer.length},
          sink -> sink.write(MemorySegment.ofArray(bytes)));
    }
    writer.write(path);
    return path;
  }

  /**
   * What a device needs for all of a model, less so many bytes.
   *
   * @param batch most tokens in a step
   */
  public static long bytesForAllBut(Path model, int batch, long less) {
    try (ModelFile file = ModelFiles.open(model)) {
      return PlannedBytes.ofAll(spec(file), batch, CONTEXT) - less;
    }
  }

  private interface Question {
    int ask(DecoderSpec spec);
  }

  private static int read(Path model, Question question) {
    try (ModelFile file = ModelFiles.open(model)) {
      return question.ask(spec(file));
    }
  }

  private static DecoderSpec spec(ModelFile file) {
    return Architectures.describe(file, new DescribeOptions(Optional.empty(), CONTEXT));
  }
}
