package dev.skipjack.inference.calibration;

import dev.skipjack.inference.feedforward.NeuronMajorCopies;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufWriter.Sink;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Neuron-major down projections {@code blk.N.ffn_down_t.weight [neurons x hidden]} for a file that
 * lacks them. F32, F16 and BF16 are transposed as they are. Blocks of a quantised type run across
 * neurons, so its values are quantised anew along the other dimension: into the same type where it
 * can be written and fits, else into Q8_0, else F16; from a more precise checkpoint where there is
 * one. One layer at a time is in memory.
 */
final class DownProjections {
  private static final long CHUNK_BYTES = 8 << 20;

  private final ModelFile file;
  private final Optional<ModelFile> precise;

  /**
   * @param precise another checkpoint of the same model to take the values from
   */
  DownProjections(ModelFile file, Optional<ModelFile> precise) {
    this.file = file;
    this.precise = precise;
  }

  /** The name of a layer's neuron-major weight. */
  static String name(int layer) {
    return "blk.%d.ffn_down_t.weight".formatted(layer);
  }

  /** The name of a layer's row-major weight. */
  static String rowMajorName(int layer) {
    return "blk.%d.ffn_down.weight".formatted(layer);
  }

  /**
   * The neuron-major form of a layer's weight.
   *
   * @throws ModelFormatException if the precise checkpoint has no such weight
   */
  AddedTensor transposed(int layer, DownSpec down, ThreadTeam team) {
    Tensor stored = down.weight();
    Tensor source = precise.map(other -> counterpart(other, stored)).orElse(stored);
    TensorType type = target(stored);
    int neurons = stored.cols();
    int hidden = stored.rows();
    return new AddedTensor(
        name(layer),
        type,
        new long[] {neurons, hidden},
        sink -> {
          DownSpec spec = new DownSpec(source, false, Optional.empty(), 1);
          try (NeuronMajorCopies copies = new NeuronMajorCopies(List.of(spec), Long.MAX_VALUE)) {
            encode(copies.of(spec, team).weight(), type, sink, team);
          }
        });
  }

  private static TensorType target(Tensor stored) {
    TensorType type = stored.type();
    for (TensorType candidate : List.of(type, TensorType.Q8_0)) {
      if (candidate.codec().encodes() && stored.rows() % candidate.blockLength() == 0) {
        return candidate;
      }
    }
    return TensorType.F16;
  }

  private Tensor counterpart(ModelFile other, Tensor stored) {
    Tensor tensor =
        other
            .tensor(stored.name())
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        other.source(),
                        "tensor " + stored.name(),
                        "nothing",
                        "the one of " + file.source() + " in higher precision"));
    if (!Arrays.equals(tensor.shape(), stored.shape())) {
      throw new ModelFormatException(
          other.source(),
          "tensor " + stored.name(),
          Arrays.toString(tensor.shape()),
          "%s as in %s".formatted(Arrays.toString(stored.shape()), file.source()));
    }
    return tensor;
  }

  /** Whether values of a layer lose precision, once more, by being quantised anew. */
  boolean requantises(DownSpec down) {
    return precise.isEmpty() && !down.weight().type().isFloat();
  }

  private static void encode(Tensor rows, TensorType type, Sink sink, ThreadTeam team)
      throws IOException {
    if (rows.type() == type) {
      sink.write(rows.data());
      return;
    }
    int cols = rows.cols();
    long rowBytes = type.byteSize(cols);
    int chunkRows = Math.clamp(CHUNK_BYTES / rowBytes, 1, rows.rows());
    try (Arena arena = Arena.ofShared()) {
      MemorySegment chunk = arena.allocate(chunkRows * rowBytes, Long.BYTES);
      for (int first = 0; first < rows.rows(); first += chunkRows) {
        int from = first;
        int count = Math.min(chunkRows, rows.rows() - first);
        team.run(worker -> encode(worker, rows, from, count, type, chunk));
        sink.write(chunk.asSlice(0, count * rowBytes));
      }
    }
  }

  private static void encode(
      Worker worker, Tensor rows, int first, int count, TensorType type, MemorySegment chunk) {
    float[] values = new float[rows.cols()];
    for (int i = worker.from(count, 1); i < worker.to(count, 1); i++) {
      rows.type()
          .codec()
          .decode(rows.data(), (first + i) * rows.rowBytes(), values, 0, values.length);
      type.codec().encode(values, 0, values.length, chunk, i * type.byteSize(values.length));
    }
  }
}
