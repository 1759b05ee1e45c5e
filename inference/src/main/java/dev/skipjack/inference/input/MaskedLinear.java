package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.InputCounts;
import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.inference.layer.InputSpace.BatchInput;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.team.Worker;
import java.util.Optional;

/**
 * A linear map of batches: the inputs that a rule drops are zeroed, and every weight is read.
 * Tokens that are not to be masked pass as they are. Immutable.
 */
final class MaskedLinear implements Linear {
  private final FloatKernels floats;
  private final LayerWeight weight;
  private final Linear dense;
  private final InputRule rule;
  private final Optional<LowRank> rest;
  private final int step;
  private final long restBytes;

  MaskedLinear(
      FloatKernels floats,
      LayerWeight weight,
      Linear dense,
      InputRule rule,
      Optional<LowRank> rest) {
    this.floats = floats;
    this.weight = weight;
    this.dense = dense;
    this.rule = rule;
    this.rest = rest;
    this.step = Math.max(dense.step(), rest.map(LowRank::step).orElse(1));
    this.restBytes = rest.map(LowRank::byteSize).orElse(0L);
  }

  @Override
  public int outputs() {
    return dense.outputs();
  }

  @Override
  public int inputs() {
    return dense.inputs();
  }

  @Override
  public long byteSize() {
    return dense.byteSize();
  }

  @Override
  public boolean needsInt8() {
    return dense.needsInt8();
  }

  @Override
  public int step() {
    return step;
  }

  /** There are barriers in it. */
  @Override
  public boolean divisible() {
    return false;
  }

  /** Without a workspace nothing says what to mask: computes the map itself. */
  @Override
  public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
    dense.apply(x, tokens, from, to, y, yStride);
  }

  @Override
  public void applyBatch(
      Worker worker, Workspace space, Activations x, int from, int to, float[] y, int yStride) {
    InputSpace inputs = space.inputs.orElseThrow();
    InputCounts counts = inputs.share(worker).counts;
    if (worker.isLead()) {
      counts.read(weight.role(), byteSize(), byteSize());
    }
    if (space.unmasked >= space.count) {
      dense.apply(x, space.count, from, to, y, yStride);
      return;
    }
    BatchInput input = inputs.input(inputs());
    // Others may still read what the map before left there.
    worker.barrier();
    mask(worker, space, x, input);
    worker.barrier();
    dense.apply(input.kept(), space.count, from, to, y, yStride);
    if (rest.isPresent()) {
      rest.get().add(worker, inputs, input.rest(), space.count, from, to, y, yStride);
      if (worker.isLead()) {
        counts.read(weight.role(), restBytes, 0);
      }
    }
  }

  /** Splits this worker's tokens into what is kept and what is not. */
  private void mask(Worker worker, Workspace space, Activations x, BatchInput input) {
    InputSpace.Share share = space.inputs.orElseThrow().share(worker);
    int width = inputs();
    float[] kept = input.kept().values();
    int from = worker.from(space.count, 1);
    int to = worker.to(space.count, 1);
    for (int t = from; t < to; t++) {
      int offset = t * width;
      if (t < space.unmasked) {
        System.arraycopy(x.values(), offset, kept, offset, width);
      } else {
        int count = rule.mask(x.values(), offset, width, share, kept);
        share.counts.mask(weight.layer(), weight.role(), count, width, outputs());
      }
      if (rest.isPresent()) {
        subtract(x.values(), kept, input.rest().values(), offset, width);
      }
    }
    if (dense.needsInt8()) {
      floats.quantize(input.kept(), from, to);
    }
  }

  private static void subtract(float[] x, float[] kept, float[] rest, int offset, int length) {
    for (int j = offset; j < offset + length; j++) {
      rest[j] = kept[j] == 0 ? x[j] : 0;
    }
  }

  /** Lists the kept inputs of the one token of a batch. */
  InputSpace.Share select(Worker worker, Workspace space, Activations x) {
    InputSpace.Share share = space.inputs.orElseThrow().share(worker);
    rule.select(x.values(), inputs(), share);
    return share;
  }

  /** Adds the low-rank part of the one token of a batch whose kept inputs are listed. */
  void addRest(
      Worker worker, Workspace space, Activations x, int from, int to, float[] y, int yStride) {
    InputSpace inputs = space.inputs.orElseThrow();
    InputSpace.Share share = inputs.share(worker);
    if (rest.isPresent()) {
      Activations dropped = share.rest(inputs());
      System.arraycopy(x.values(), 0, dropped.values(), 0, inputs());
      for (int i = 0; i < share.count(); i++) {
        dropped.values()[share.channels[i]] = 0;
      }
      rest.get().add(worker, inputs, dropped, 1, from, to, y, yStride);
    }
  }

  /** Counts a token that read {@code bytes} of the matrix. */
  void count(InputSpace.Share share, long bytes) {
    share.counts.read(weight.role(), bytes + restBytes, byteSize());
    share.counts.mask(weight.layer(), weight.role(), share.count(), inputs(), outputs());
  }
}
