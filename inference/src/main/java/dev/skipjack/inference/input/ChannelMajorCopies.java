package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.TransposedRows;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Transposed copies {@code [inputs x outputs]} of weights in native memory, so that the weights of
 * one input lie side by side. A neuron-major down projection is one already and is used as it is.
 *
 * <p>F32, F16 and BF16 are copied without loss. The blocks of a quantised type run across inputs,
 * so those are quantised anew, to Q8_0, or to F16 where the outputs are no whole number of blocks.
 */
final class ChannelMajorCopies implements AutoCloseable {
  private final TransposedRows copies = new TransposedRows();
  private final Map<String, Long> bytesByKind = new TreeMap<>();
  private boolean requantised;

  /**
   * The rows of the channel-major form of a weight.
   *
   * @param kernels own what they pack
   */
  Rows of(KernelProvider kernels, LayerWeight weight, ThreadTeam team) {
    if (weight.channelMajor().isPresent()) {
      return kernels.rows(weight.channelMajor().get());
    }
    Tensor source = weight.spec().weight();
    TensorType type = target(source.type(), weight.outputs());
    requantised |= !source.type().isFloat();
    long bytes = type.byteSize(source.elementCount());
    bytesByKind.merge("%s as %s".formatted(source.type(), type), bytes, Long::sum);
    return copies.of(kernels, source, type, team);
  }

  /** Bytes of the copy of a weight. */
  static long bytes(LayerWeight weight) {
    Tensor source = weight.spec().weight();
    return weight.channelMajor().isPresent()
        ? 0
        : target(source.type(), weight.outputs()).byteSize(source.elementCount());
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
