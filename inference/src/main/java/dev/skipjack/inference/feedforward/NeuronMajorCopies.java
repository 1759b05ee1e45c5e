package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.TransposedRows;
import dev.skipjack.inference.layer.Transposition;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Transposed copies, in native memory, of down projections that a file holds row-major: neurons are
 * read from the copy, batches still from the file.
 *
 * <p>F16 and BF16 are copied as they are and F32 is exact for every other type, so these copies are
 * lossless. Block types, whose blocks run across neurons, become F32 as long as all copies together
 * stay below 256 MB; beyond that Q8_0 for kernels that pack rows, and F16, which rounds each weight
 * to 11 significant bits, for others. Thread-safe.
 */
public final class NeuronMajorCopies implements AutoCloseable {
  /** Copies of block types are F32 up to this many bytes. */
  private static final long F32_LIMIT = 256L << 20;

  private final Arena arena = Arena.ofShared();
  private final TransposedRows packed = new TransposedRows();

  private final TensorType typeForBlocks;
  private final Map<String, Long> bytesByKind = new TreeMap<>();

  /**
   * @param downs all that will be copied; their size decides the type
   */
  public NeuronMajorCopies(List<DownSpec> downs) {
    this(downs, F32_LIMIT);
  }

  /**
   * @param limit bytes up to which block types become F32
   */
  public NeuronMajorCopies(List<DownSpec> downs, long limit) {
    long elements =
        downs.stream()
            .filter(down -> down.byNeuron().isEmpty() && !down.weight().type().isFloat())
            .mapToLong(down -> down.weight().elementCount())
            .sum();
    this.typeForBlocks = elements * Float.BYTES <= limit ? TensorType.F32 : TensorType.F16;
  }

  /** Bytes that copies of all these would take. */
  static long bytes(List<DownSpec> downs) {
    try (NeuronMajorCopies copies = new NeuronMajorCopies(downs)) {
      return downs.stream()
          .filter(down -> down.byNeuron().isEmpty())
          .map(DownSpec::weight)
          .mapToLong(down -> copies.target(down.type()).byteSize(down.elementCount()))
          .sum();
    }
  }

  /** A neuron-major form of a down projection: as the file has it, or a copy by the team. */
  public DownSpec of(DownSpec down, ThreadTeam team) {
    if (down.neuronMajor()) {
      return down;
    }
    if (down.transposed().isPresent()) {
      return new DownSpec(down.transposed().get(), true, down.bias(), down.scale());
    }
    Tensor source = down.weight();
    TensorType type = target(source.type());
    Tensor copy = Transposition.copy(source, type, arena, team);
    note(source, type);
    return new DownSpec(copy, true, down.bias(), down.scale());
  }

  /**
   * The rows of a neuron-major form of a down projection: of the file, or of a copy by the team.
   * Where {@code kernels} pack rows, large copies of block types are Q8_0: that is half of what F16
   * takes, and rounds less than the types themselves do.
   */
  Rows rows(KernelProvider kernels, DownSpec down, ThreadTeam team) {
    if (down.byNeuron().isPresent()) {
      return kernels.rows(down.byNeuron().get());
    }
    Tensor source = down.weight();
    boolean packing = kernels != kernels.rowMajor();
    if (packing && !source.type().isFloat() && typeForBlocks == TensorType.F16) {
      if (source.rows() % TensorType.Q8_0.blockLength() == 0) {
        TensorType type = TensorType.Q8_0;
        note(source, type);
        return packed.of(kernels, source, type, team);
      }
    }
    return kernels.rows(of(down, team).weight());
  }

  private void note(Tensor source, TensorType type) {
    long bytes = type.byteSize(source.elementCount());
    bytesByKind.merge("%s as %s".formatted(source.type(), type), bytes, Long::sum);
  }

  private TensorType target(TensorType source) {
    return switch (source) {
      case F16, BF16 -> source;
      case TensorType other when other.isFloat() -> TensorType.F32;
      default -> typeForBlocks;
    };
  }

  /** What was done, for people. */
  String description() {
    if (bytesByKind.isEmpty()) {
      return "down projections are neuron-major in the file";
    }
    StringBuilder text = new StringBuilder("down projections copied neuron-major:");
    bytesByKind.forEach(
        (kind, bytes) ->
            text.append(String.format(Locale.ROOT, " %s, %.1f MB", kind, bytes / 1e6)));
    if (typeForBlocks == TensorType.F16) {
      text.append(" (rounded; a file with ffn_down_t needs no copy)");
    }
    return text.toString();
  }

  /** Frees the copies. */
  @Override
  public void close() {
    arena.close();
    packed.close();
  }
}
