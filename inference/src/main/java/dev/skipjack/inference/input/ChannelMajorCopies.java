package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.TransposedRows;
import dev.skipjack.kernels.Channels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Copies {@code [inputs x outputs]} of weights in native memory, so that the weights of one input
 * lie side by side. A neuron-major down projection is one already and is used as it is.
 *
 * <p>Where the kernels have a layout that keeps the file's own blocks, it is used. Others are
 * transposed: F32, F16 and BF16 without loss; the blocks of a quantised type run across inputs, so
 * those are quantised anew, to Q8_0, or to F16 where the outputs are no whole number of blocks.
 */
final class ChannelMajorCopies implements AutoCloseable {
  /** Types of which packing kernels keep the blocks. */
  private static final Set<TensorType> OWN_BLOCKS = Set.of(TensorType.Q4_0, TensorType.Q8_0);

  /** Outputs that their layouts are made of, however wide vectors are. */
  private static final int WIDEST = 128;

  private final TransposedRows copies = new TransposedRows();
  private final Map<String, Long> bytesByKind = new TreeMap<>();
  private boolean requantised;

  /**
   * The channel-major form of a weight.
   *
   * @param kernels own what they pack
   */
  ChannelWeight of(KernelProvider kernels, LayerWeight weight, ThreadTeam team) {
    if (weight.channelMajor().isPresent()) {
      return new ChannelWeight.OfRows(kernels.rows(weight.channelMajor().get()));
    }
    Tensor source = weight.spec().weight();
    Optional<Channels> channels = kernels.channels(source);
    if (channels.isPresent()) {
      bytesByKind.merge(source.type().toString(), channels.get().byteSize(), Long::sum);
      return new ChannelWeight.OfChannels(channels.get(), kernels.floats());
    }
    TensorType type = target(source.type(), weight.outputs());
    requantised |= !source.type().isFloat();
    long bytes = type.byteSize(source.elementCount());
    bytesByKind.merge("%s as %s".formatted(source.type(), type), bytes, Long::sum);
    return new ChannelWeight.OfRows(copies.of(kernels, source, type, team));
  }

  /**
   * Bytes of the copy of a weight, told without the kernels that make it.
   *
   * @param packing whether weights are packed
   */
  static long bytes(LayerWeight weight, boolean packing) {
    Tensor source = weight.spec().weight();
    if (weight.channelMajor().isPresent()) {
      return 0;
    }
    boolean own = packing && OWN_BLOCKS.contains(source.type()) && weight.outputs() % WIDEST == 0;
    TensorType type = own ? source.type() : target(source.type(), weight.outputs());
    return type.byteSize(source.elementCount());
  }

  /** Bytes of all copies so far. */
  long byteSize() {
    return bytesByKind.values().stream().mapToLong(bytes -> bytes).sum();
  }

  private static TensorType target(TensorType source, int outputs) {
    return switch (source) {
      case F16, BF16 -> source;
      case TensorType other when other.isFloat() -> TensorType.F32;
      default -> outputs % TensorType.Q8_0.blockLength() == 0 ? TensorType.Q8_0 : TensorType.F16;
    };
  }

  /** What was done, for people. */
  String description() {
    StringBuilder text = new StringBuilder("linear maps copied channel-major:");
    bytesByKind.forEach(
        (kind, bytes) ->
            text.append(String.format(Locale.ROOT, " %s, %.1f MB", kind, bytes / 1e6)));
    return text.append(
            requantised ? " (quantised anew), beside the originals" : ", beside the originals")
        .toString();
  }

  /** Frees the copies. */
  @Override
  public void close() {
    copies.close();
  }
}
