package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import java.util.Arrays;

/** The kept inputs of one token, zeros for the others, as int8 blocks. */
final class ChannelInput {
  private final Activations masked;

  /** Rows of a block that are added together. */
  final ChannelSum rows = new ChannelSum();

  ChannelInput(int inputs) {
    this.masked = new Activations(1, inputs);
  }

  /**
   * Quantises the blocks of inputs {@code [from, to)} of a list, as those of a product with the
   * whole matrix would be.
   */
  void fill(float[] values, int[] list, int from, int to, FloatKernels floats) {
    if (from == to) {
      return;
    }
    float[] all = masked.values();
    int fromBlock = list[from] / Activations.BLOCK;
    int toBlock = list[to - 1] / Activations.BLOCK + 1;
    Arrays.fill(all, fromBlock * Activations.BLOCK, toBlock * Activations.BLOCK, 0);
    for (int i = from; i < to; i++) {
      all[list[i]] = values[i];
    }
    floats.quantizeBlocks(masked, 0, fromBlock, toBlock);
    masked.quantized(0);
  }

  /** {@code [inputs]}. */
  short[] quants() {
    return masked.quants();
  }

  /** {@code [inputs / 32]}. */
  float[] scales() {
    return masked.scales();
  }
}
