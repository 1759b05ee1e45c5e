package dev.skipjack.kernels.support;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.PackedTensor;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** A tensor about to be packed into {@link RowGroups}; its parts are groups. */
public final class RowGroupTensor implements PackedTensor {
  /** Scales are brought near this: far from the largest half, 65504, and from the subnormals. */
  private static final int SCALE_EXPONENT = 10;

  /** Bytes that are packed at a time: they and their copy fit a first-level cache. */
  private static final int CHUNK = 1 << 14;

  private final Tensor tensor;
  private final RowGroups layout;
  private final PromptProducts products;
  private final int units;

  /** The largest scale that surveys have met, as bits, which are in the order of their values. */
  private final AtomicInteger largest = new AtomicInteger();

  public RowGroupTensor(Tensor tensor, RowGroups layout, PromptProducts products) {
    this.tensor = tensor;
    this.layout = layout;
    this.products = products;
    this.units = tensor.cols() / tensor.type().blockLength();
  }

  @Override
  public long byteSize() {
    return parts() * layout.groupBytes(units);
  }

  @Override
  public int parts() {
    return (tensor.rows() + layout.lanes() - 1) / layout.lanes();
  }

  /** Refuses scales that are not finite: only the tensor's own layout keeps their meaning. */
  @Override
  public boolean survey(int from, int to) {
    float scale = 0;
    int end = Math.min(tensor.rows(), to * layout.lanes());
    for (int row = from * layout.lanes(); row < end && Float.isFinite(scale); row++) {
      long at = row * tensor.rowBytes();
      scale = Math.max(scale, layout.largestScale(tensor.data(), at, units));
    }
    largest.accumulateAndGet(Float.floatToIntBits(scale), Math::max);
    return Float.isFinite(scale);
  }

  @Override
  public void pack(MemorySegment target, int from, int to) {
    int blockBytes = tensor.type().blockBytes();
    int pairs = Math.max(1, CHUNK / (2 * layout.lanes() * blockBytes));
    int chunk = Math.min(2 * pairs, units);
    byte[] rows = new byte[layout.lanes() * chunk * blockBytes];
    byte[] copy = new byte[Math.toIntExact(layout.unitBytes(chunk))];
    for (int group = from; group < to; group++) {
      long at = group * layout.groupBytes(units);
      for (int unit = 0; unit < units; unit += chunk) {
        int count = Math.min(chunk, units - unit);
        packChunk(group * layout.lanes(), unit, count, rows, copy);
        long bytes = layout.unitBytes(count);
        MemorySegment.copy(copy, 0, target, JAVA_BYTE, at, (int) bytes);
        at += bytes;
      }
    }
  }

  private void packChunk(int firstRow, int unit, int count, byte[] rows, byte[] copy) {
    int blockBytes = tensor.type().blockBytes();
    int length = count * blockBytes;
    for (int lane = 0; lane < layout.lanes(); lane++) {
      int row = firstRow + lane;
      if (row < tensor.rows()) {
        long at = row * tensor.rowBytes() + (long) unit * blockBytes;
        MemorySegment.copy(tensor.data(), JAVA_BYTE, at, rows, lane * length, length);
      } else {
        Arrays.fill(rows, lane * length, (lane + 1) * length, (byte) 0);
      }
    }
    layout.pack(rows, length, count, Math.scalb(1f, exponent()), copy);
  }

  private int exponent() {
    int bits = largest.get();
    return bits == 0 ? 0 : SCALE_EXPONENT - Math.getExponent(Float.intBitsToFloat(bits));
  }

  @Override
  public Matrix matrix(MemorySegment packed) {
    return new RowGroupMatrix(tensor, layout, packed, Math.scalb(1f, -exponent()), products);
  }
}
