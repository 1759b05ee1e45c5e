package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.Largest;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.team.Worker;
import java.util.Optional;

/**
 * Keeps the {@code k} activations of largest magnitude of every token, and those equal to the
 * smallest of them. Gate and up are computed; it saves rows of down only, and serves to measure
 * what sparsity a model can bear.
 */
record TopKSelector(int k) implements Selector {
  static final SelectionMethod METHOD =
      new SelectionMethod(
          "topk",
          SelectionParameter.required(
              "K", "a whole number of 1 or more", SelectionParameter::isCount),
          context -> Optional.empty(),
          context -> new TopKSelector((int) context.parameter()));

  @Override
  public boolean cuts() {
    return true;
  }

  @Override
  public void cut(ActiveSet.Share share) {
    float least = Largest.magnitude(share.values, 0, share.count(), k);
    int count = 0;
    for (int i = 0; i < share.count(); i++) {
      share.neurons[count] = share.neurons[i];
      share.values[count] = share.values[i];
      count += Math.abs(share.values[i]) < least ? 0 : 1;
    }
    share.truncate(count);
  }

  @Override
  public void filter(Worker worker, Workspace space, int length) {
    float[] values = space.neurons.values();
    for (int t = worker.from(space.count, 1); t < worker.to(space.count, 1); t++) {
      int offset = t * space.neurons.cols();
      float least = Largest.magnitude(values, offset, length, k);
      for (int i = offset; i < offset + length; i++) {
        values[i] = Math.abs(values[i]) < least ? 0 : values[i];
      }
    }
    Masks.countAll(worker, space, length);
    worker.barrier();
  }
}
