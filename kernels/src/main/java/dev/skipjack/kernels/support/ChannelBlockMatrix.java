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
      int block = block(list[i]);
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
  public int cut(int[] list, int count, int place) {
    Objects.checkIndex(place, count + 1);
    Objects.checkFromIndexSize(0, count, list.length);
    int i = place;
    while (i > 0 && i < count && block(list[i]) == block(list[i - 1])) {
      i++;
    }
    return i;
  }

  @Override
  public void multiply(
      float[] values, int[] list, int first, int last, int from, int to, float[] y) {
    check(values, list, first, last);
    checkOutputs(from, to);
    Objects.checkFromToIndex(from, to, y.length);
    ChannelInput input = buffers.take();
    input.fill(values, list, first, last, floats);
    Arrays.fill(y, from, to, 0);
    add(input, list, first, last, from, to, y);
    buffers.give(input);
  }

  private void add(
      ChannelInput input, int[] list, int first, int last, int from, int to, float[] y) {
    short[] quants = input.quants();
    ChannelSum rows = input.rows;
    for (int i = first; i < last; ) {
      int block = block(list[i]);
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
        int outputsEnd = Math.min(to, o + ChannelSum.OUTPUTS);
        touch(rows, scales + layout.scaleBytes(o), o, outputsEnd);
        layout.add(packed, scales, rows, o, outputsEnd, scale, y, o);
      }
    }
  }

  /**
   * Reads ahead what a block has of a range of outputs: its rows and, in pieces of the same length,
   * the scales, so that they do not wait for a miss of their own.
   */
  private void touch(ChannelSum rows, long scales, int from, int to) {
    long bytes = layout.rowBytes(to - from);
    int pieces = (int) (layout.scaleBytes(to - from) / bytes);
    int last = rows.count() + pieces - 1;
    for (int i = 0; i <= last; i += BlockRows.AHEAD) {
      for (int k = 0; k < BlockRows.AHEAD; k++) {
        int piece = Math.min(i + k, last);
        rows.ahead[k] =
            piece < pieces
                ? scales + piece * bytes
                : rows.places[piece - pieces] + layout.rowBytes(from);
      }
      rows.touched += layout.touch(packed, rows.ahead, bytes);
    }
  }

  private static int block(int input) {
    return input / ChannelBlocks.BLOCK;
  }

  private void checkOutputs(int from, int to) {
    Objects.checkFromToIndex(from, to, outputs);
    if (from % layout.step() != 0 || to % layout.step() != 0) {
      throw new IllegalArgumentException(
          "%s: outputs [%d, %d) are not cut at multiples of %d"
              .formatted(name, from, to, layout.step()));
    }
  }

  private void check(float[] values, int[] list, int first, int last) {
    Objects.checkFromToIndex(first, last, values.length);
    Objects.checkFromToIndex(first, last, list.length);
    int before = -1;
    for (int i = first; i < last; i++) {
      if (list[i] <= before || list[i] >= inputs) {
        throw new IllegalArgumentException(
            "%s: found input %d after %d, expected them ascending and below %d"
                .formatted(name, list[i], before, inputs));
      }
      before = list[i];
    }
  }

  @Override
  public String toString() {
    return "channels of " + name;
  }
}
