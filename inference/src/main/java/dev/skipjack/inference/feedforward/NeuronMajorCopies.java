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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Transposed copies, in native memory, of down projections that a file holds row-major: neurons are
 * read from the copy, batches still from the file.
 *
 * <p>F16 and BF16 are copied as they are and F32 is exact for every other type, so these copies are
 * lossless. Block types, whose blocks run across neurons, become F32 as long as all copies together
 * stay below 256 MB; beyond that Q8_0 for kernels that pack rows, and F16, which rounds each weight
 * to 11 significant bits, for others. A type may be asked for instead. Thread-safe.
 */
public final class NeuronMajorCopies implements AutoCloseable {
  /** Copies of block types are F32 up to this many bytes. */
  private static final long F32_LIMIT = 256L << 20;

  private final Arena arena = Arena.ofShared();
  private final TransposedRows copies = new TransposedRows();

  /** Asked for, or what is small enough to be lossless; empty for what is smallest. */
  private final Optional<TensorType> typeForBlocks;

  private final Map<String, Long> bytesByKind = new TreeMap<>();
  private boolean rounded;

  /**
   * @param downs all that will be copied; their size decides the type
   */
  public NeuronMajorCopies(List<DownSpec> downs) {
    this(downs, Optional.empty());
  }

  /**
   * @param typeForBlocks of copies of block types; empty to let the size of all decide
   */
  NeuronMajorCopies(List<DownSpec> downs, Optional<TensorType> typeForBlocks) {
    this(typeForBlocks.or(() -> lossless(downs, F32_LIMIT)));
  }

  /**
   * @param limit bytes up to which block types become F32
   */
  public NeuronMajorCopies(List<DownSpec> downs, long limit) {
    this(lossless(downs, limit));
  }

  private NeuronMajorCopies(Optional<TensorType> typeForBlocks) {
    this.typeForBlocks = typeForBlocks;
  }

  private static Optional<TensorType> lossless(List<DownSpec> downs, long limit) {
    long elements =
        downs.stream()
            .filter(down -> down.byNeuron().isEmpty() && !down.weight().type().isFloat())
            .mapToLong(down -> down.weight().elementCount())
            .sum();
    return elements * Float.BYTES <= limit ? Optional.of(TensorType.F32) : Optional.empty();
  }

  /**
   * Bytes that copies of all these would take.
   *
   * @param packing whether rows are packed
   */
  static long bytes(List<DownSpec> downs, boolean packing) {
    try (NeuronMajorCopies copies = new NeuronMajorCopies(downs)) {
      return downs.stream()
          .filter(down -> down.byNeuron().isEmpty())
          .map(DownSpec::weight)
          .mapToLong(down -> copies.target(down, packing).byteSize(down.elementCount()))
          .sum();
    }
  }

  /** Bytes of all copies so far. */
  long byteSize() {
    return bytesByKind.values().stream().mapToLong(bytes -> bytes).sum();
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
    TensorType type = target(source, false);
    Tensor copy = Transposition.copy(source, type, arena, team);
    note(source, type);
    return new DownSpec(copy, true, down.bias(), down.scale());
  }

  /**
   * The rows of a neuron-major form of a down projection, the last, and of other matrices that are
   * read together with them. Down rows are those of the file, or of a copy by the team: where
   * {@code kernels} pack rows, large copies of block types are Q8_0, which is half of what F16
   * takes, and rounds less than the types themselves do.
   */
  List<Rows> bundle(KernelProvider kernels, List<Tensor> others, DownSpec down, ThreadTeam team) {
    if (down.byNeuron().isPresent()) {
      List<Tensor> all = new ArrayList<>(others);
      all.add(down.byNeuron().get());
      return kernels.bundle(all);
    }
    Tensor source = down.weight();
    TensorType type = target(source, kernels != kernels.rowMajor());
    note(source, type);
    return copies.bundle(kernels, others, source, type, team);
  }

  private void note(Tensor source, TensorType type) {
    long bytes = type.byteSize(source.elementCount());
    bytesByKind.merge("%s as %s".formatted(source.type(), type), bytes, Long::sum);
    rounded |= !source.type().isFloat() && type != TensorType.F32;
  }

  private TensorType target(Tensor source, boolean packing) {
    return switch (source.type()) {
      case F16, BF16 -> source.type();
      case TensorType other when other.isFloat() -> TensorType.F32;
      default -> {
        TensorType wanted = typeForBlocks.orElse(packing ? TensorType.Q8_0 : TensorType.F16);
        yield source.rows() % wanted.blockLength() == 0 ? wanted : TensorType.F16;
      }
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
    if (rounded) {
      text.append(" (rounded; a file with ffn_down_t needs no copy)");
    }
    return text.toString();
  }

  /** Frees the copies. */
  @Override
  public void close() {
    arena.close();
    copies.close();
  }
}
