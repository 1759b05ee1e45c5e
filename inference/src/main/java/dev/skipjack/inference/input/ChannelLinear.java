package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.Affine;
import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.Worker;
import java.util.Arrays;

/**
 * A linear map that reads, for one token, only the weights of the inputs it keeps: a sum of rows of
 * the channel-major weight, each worker on its own outputs. Batches go through a {@link
 * MaskedLinear}, and so does a token that keeps so many inputs that their rows, in the copy's type,
 * are more bytes than the matrix of the file. Immutable.
 */
final class ChannelLinear implements Linear {
  private final MaskedLinear batches;

  /** {@code [inputs x outputs]}. */
  private final Rows channels;

  private final Affine affine;

  ChannelLinear(MaskedLinear batches, Rows channels, Affine affine) {
    this.batches = batches;
    this.channels = channels;
    this.affine = affine;
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
    return batches.needsInt8();
  }

  @Override
  public int step() {
    return Math.max(batches.step(), channels.colStep());
  }

  /** Single tokens read columns of rows, and batches meet at barriers. */
  @Override
  public boolean divisible() {
    return false;
  }

  @Override
  public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
    batches.apply(x, tokens, from, to, y, yStride);
  }

  @Override
  public void applyBatch(
      Worker worker, Workspace space, Activations x, int from, int to, float[] y, int yStride) {
    if (space.count > 1 || space.unmasked > 0) {
      batches.applyBatch(worker, space, x, from, to, y, yStride);
      return;
    }
    InputSpace.Share share = batches.select(worker, space, x);
    long bytes = share.count() * (channels.byteSize() / channels.rows());
    // Every worker sees the same inputs, so all take the same way.
    if (bytes > byteSize()) {
      batches.applyBatch(worker, space, x, from, to, y, yStride);
      return;
    }
    Arrays.fill(y, from, to, 0);
    channels.addRows(share.values, 0, share.channels, share.count(), from, to, y, 0);
    affine.apply(y, 0, from, to);
    batches.addRest(worker, space, x, from, to, y, yStride);
    if (worker.isLead()) {
      batches.count(share, bytes);
    }
  }
}
