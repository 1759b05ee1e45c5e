package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.kernels.Activations;
import java.util.stream.IntStream;

/**
 * A map whose rows are packed to be read one by one, in a layout that batches have no use for: one
 * token reads all of those, batches the file.
 */
final class AllRows implements Linear {
  private final NeuronRows rows;
  private final Linear batches;
  private final int[] all;

  AllRows(NeuronRows rows, Linear batches) {
    this.rows = rows;
    this.batches = batches;
    this.all = IntStream.range(0, batches.outputs()).toArray();
  }

  @Override
  public int outputs() {
    return batches.outputs();
  }

  @Override
  public int inputs() {
    return batches.inputs();
  }

  @Override
  public long byteSize() {
    return batches.byteSize();
  }

  @Override
  public boolean needsInt8() {
    return rows.needsInt8() || batches.needsInt8();
  }

  @Override
  public int step() {
    return batches.step();
  }

  @Override
  public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
    if (tokens == 1) {
      rows.dots(x, 0, all, from, to, y, 0);
    } else {
      batches.apply(x, tokens, from, to, y, yStride);
    }
  }
}
