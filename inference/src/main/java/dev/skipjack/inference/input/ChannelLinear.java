package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.Affine;
import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.team.Worker;

/**
 * A linear map that reads, for one token, only the weights of the inputs it keeps, from a {@link
 * ChannelWeight}. Batches go through a {@link MaskedLinear}, and so does a token that keeps so many
 * inputs that their weights, in the copy's type, are more bytes than the matrix of the file.
 * Immutable.
 */
final class ChannelLinear implements Linear {
  private final MaskedLinear batches;

  private final ChannelWeight channels;

  private final Affine affine;

  ChannelLinear(MaskedLinear batches, ChannelWeight channels, Affine affine) {
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
    return Math.max(batches.step(), channels.step());
  }

  /** Single tokens read pieces of all rows, and there are barriers in it. */
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
    // Every worker sees the same inputs, so all take the same way.
    if (channels.byteSize() > byteSize() && channels.bytes(share) > byteSize()) {
      batches.applyBatch(worker, space, x, from, to, y, yStride);
      return;
    }
    channels.multiply(worker, space.inputs.orElseThrow(), share, from, to, y);
    affine.apply(y, 0, from, to);
    batches.addRest(worker, space, x, from, to, y, yStride);
    if (worker.isLead()) {
      batches.count(share, channels.bytes(share));
    }
  }
}
