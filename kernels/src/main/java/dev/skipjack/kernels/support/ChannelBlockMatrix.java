package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Channels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/** Channels in {@link ChannelBlocks}. */
final class ChannelBlockMatrix implements Channels {
  private final String name;
  private final int outputs;
  private final int inputs;
  private final ChannelBlocks layout;
  private final MemorySegment packed;
  private final float factor;
  private final FloatKernels floats;
  private final long blockBytes;
  private final long rowBytes;
  private final long scaleBytes;
  private final Pool<ChannelInput> buffers;

  ChannelBlockMatrix(
      Tensor tensor,
      ChannelBlocks layout,
      MemorySegment packed,
      float factor,
      FloatKernels floats,
      BlockBuffers buffers) {
    this.name = tensor.toString();
    this.outputs = tensor.rows();
    this.inputs = tensor.cols();
    this.layout = layout;
    this.packed = packed;
    this.factor = factor;
    this.floats = floats;
    this.blockBytes = layout.blockBytes(outputs);
    this.rowBytes = layout.rowBytes(outputs);
    this.scaleBytes = layout.scaleBytes(outputs);
    this.buffers = buffers.channels(inputs);
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public long byteSize() {
    return packed.byteSize();
  }

  /** Beside the rows of inputs the scales of every block that has one. */
  @Override
  public long bytes(int[] list, int count) {
    int blocks = 0;
    int last = -1;
    for (int i = 0; i < count; i++) {
      int block = list[i] / ChannelBlocks.BLOCK;
      blocks += block == last ? 0 : 1;
      last = block;
    }
    return blocks * scaleBytes + count * rowBytes;
  }

  @Override
  public int step() {
    return layout.step();
  }

  @Override
  public void multiply(
      float[] values,
      int[] list,
      int count,
      int fromShare,
      int toShare,
      int shares,
      int from,
      int to,
      float[][] y) {
    check(values, list, count);
    checkOutputs(from, to);
    Objects.checkFromToIndex(fromShare, toShare, shares);
    ChannelInput input = buffers.take();
    int first = boundary(list, count, fromShare, shares);
    int last = boundary(list, count, toShare, shares);
    input.fill(values, list, first, last, floats);
    for (int share = fromShare; share < toShare; share++) {
      Objects.checkFromToIndex(from, to, y[share].length);
      Arrays.fill(y[share], from, to, 0);
      int start = boundary(list, count, share, shares);
      int end = boundary(list, count, share + 1, shares);
      add(input, list, start, end, from, to, y[share]);
    }
    buffers.give(input);
  }

  private void add(
      ChannelInput input, int[] list, int first, int last, int from, int to, float[] y) {
    short[] quants = input.quants();
    ChannelSum rows = input.rows;
    for (int i = first; i < last; ) {
      int block = list[i] / ChannelBlocks.BLOCK;
      int end = (block + 1) * ChannelBlocks.BLOCK;
      long scales = block * blockBytes;
      rows.begin();
      for (; i < last && list[i] < end; i++) {
        long row = list[i] % ChannelBlocks.BLOCK * rowBytes;
        rows.put(scales + scaleBytes + row, quants[list[i]]);
      }
      rows.end();
      float scale = factor * input.scales()[block];
      for (int o = from; o < to; o += ChannelSum.OUTPUTS) {
        layout.add(packed, scales, rows, o, Math.min(to, o + ChannelSum.OUTPUTS), scale, y, o);
      }
    }
  }

  /** Where a share begins: with a block, as near to equal parts of the list as may be. */
  private static int boundary(int[] list, int count, int share, int shares) {
    int i = (int) ((long) count * share / shares);
    while (i > 0
        && i < count
        && list[i] / ChannelBlocks.BLOCK == list[i - 1] / ChannelBlocks.BLOCK) {
      i++;
    }
    return i;
  }

  private void checkOutputs(int from, int to) {
    Objects.checkFromToIndex(from, to, outputs);
    if (from % layout.step() != 0 || to % layout.step() != 0) {
      throw new IllegalArgumentException(
          "%s: outputs [%d, %d) are not cut at multiples of %d"
              .formatted(name, from, to, layout.step()));
    }
  }

  private void check(float[] values, int[] list, int count) {
    Objects.checkFromIndexSize(0, count, values.length);
    Objects.checkFromIndexSize(0, count, list.length);
    int last = -1;
    for (int i = 0; i < count; i++) {
      if (list[i] <= last || list[i] >= inputs) {
        throw new IllegalArgumentException(
            "%s: found input %d after %d, expected them ascending and below %d"
                .formatted(name, list[i], last, inputs));
      }
      last = list[i];
    }
  }

  @Override
  public String toString() {
    return "channels of " + name;
  }
}
