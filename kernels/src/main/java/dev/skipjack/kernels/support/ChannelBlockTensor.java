package dev.skipjack.kernels.support;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.skipjack.kernels.Channels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.PackedChannels;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A tensor about to be packed into {@link ChannelBlocks}; its parts are blocks of inputs. */
public final class ChannelBlockTensor implements PackedChannels {
  /** Scales are brought near this: far from the largest half, 65504, and from the subnormals. */
  private static final int SCALE_EXPONENT = 10;

  /** Blocks that are written together: the lines they are on fit a first-level cache. */
  private static final int CHUNK = 8;

  private final Tensor tensor;
  private final ChannelBlocks layout;
  private final FloatKernels floats;
  private final BlockBuffers buffers;

  /** The largest scale that surveys have met, as bits, which are in the order of their values. */
  private final AtomicInteger largest = new AtomicInteger();

  private ChannelBlockTensor(
      Tensor tensor, ChannelBlocks layout, FloatKernels floats, BlockBuffers buffers) {
    this.tensor = tensor;
    this.layout = layout;
    this.floats = floats;
    this.buffers = buffers;
  }

  /** Empty if the outputs are no whole number of steps. */
  public static Optional<PackedChannels> of(
      Tensor tensor, ChannelBlocks layout, FloatKernels floats, BlockBuffers buffers) {
    return tensor.rows() % layout.step() == 0
        ? Optional.of(new ChannelBlockTensor(tensor, layout, floats, buffers))
        : Optional.empty();
  }

  @Override
  public long byteSize() {
    return parts() * layout.blockBytes(tensor.rows());
  }

  @Override
  public int parts() {
    return tensor.cols() / ChannelBlocks.BLOCK;
  }

  /** Refuses scales that are not finite: only the tensor's own layout keeps their meaning. */
  @Override
  public boolean survey(int from, int to) {
    float scale = 0;
    for (int row = 0; row < tensor.rows() && Float.isFinite(scale); row++) {
      long at = row * tensor.rowBytes() + (long) from * tensor.type().blockBytes();
      scale = Math.max(scale, layout.largestScale(tensor.data(), at, to - from));
    }
    largest.accumulateAndGet(Float.floatToIntBits(scale), Math::max);
    return Float.isFinite(scale);
  }

  @Override
  public void pack(MemorySegment target, int from, int to) {
    int blockBytes = tensor.type().blockBytes();
    int step = layout.step();
    float scaling = Math.scalb(1f, exponent());
    byte[] rows = new byte[step * CHUNK * blockBytes];
    for (int block = from; block < to; block += CHUNK) {
      int blocks = Math.min(CHUNK, to - block);
      int length = blocks * blockBytes;
      long at = block * layout.blockBytes(tensor.rows());
      for (int output = 0; output < tensor.rows(); output += step) {
        for (int i = 0; i < step; i++) {
          long source = (output + i) * tensor.rowBytes() + (long) block * blockBytes;
          MemorySegment.copy(tensor.data(), JAVA_BYTE, source, rows, i * length, length);
        }
        layout.pack(rows, length, blocks, scaling, target, at, tensor.rows(), output);
      }
    }
  }

  private int exponent() {
    int bits = largest.get();
    return bits == 0 ? 0 : SCALE_EXPONENT - Math.getExponent(Float.intBitsToFloat(bits));
  }

  @Override
  public Channels over(MemorySegment packed) {
    float factor = Math.scalb(1f, -exponent());
    return new ChannelBlockMatrix(tensor, layout, packed, factor, floats, buffers);
  }
}
