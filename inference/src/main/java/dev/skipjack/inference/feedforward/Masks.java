package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.team.Worker;
import java.util.Arrays;

/** Selection applied to densely computed activations. */
final class Masks {
  private Masks() {}

  /** Zeroes this worker's share of the neurons of every token, except the selected. */
  static void keepSelected(Selector selector, Worker worker, Workspace space, int length) {
    ActiveSet active = space.selection.orElseThrow().active;
    int from = worker.from(length, selector.step());
    int to = worker.to(length, selector.step());
    int[] selected = active.found(worker).neurons;
    float[] values = space.neurons.values();
    for (int t = 0; t < space.count; t++) {
      int count = selector.select(space, t, from, to, selected);
      int offset = t * space.neurons.cols();
      int done = from;
      for (int i = from; i < from + count; i++) {
        Arrays.fill(values, offset + done, offset + selected[i], 0);
        done = selected[i] + 1;
      }
      Arrays.fill(values, offset + done, offset + to, 0);
      active.share(worker).count(Stage.GATE, count);
    }
  }

  /** Counts this worker's share of the neurons of every token as selected. */
  static void countAll(Worker worker, Workspace space, int length) {
    long share = worker.to(length, 1) - worker.from(length, 1);
    space.selection.orElseThrow().active.share(worker).count(Stage.GATE, space.count * share);
  }

  /** Zeroes what has at most this magnitude (NaN stays) and returns how many are left. */
  static int dropUpTo(float threshold, float[] x, int offset, int count) {
    int left = 0;
    for (int i = offset; i < offset + count; i++) {
      boolean drop = Math.abs(x[i]) <= threshold;
      x[i] = drop ? 0 : x[i];
      left += drop ? 0 : 1;
    }
    return left;
  }

  /** How many are not zero. */
  static int countNonZero(float[] x, int offset, int count) {
    int nonZero = 0;
    for (int i = offset; i < offset + count; i++) {
      nonZero += x[i] == 0 ? 0 : 1;
    }
    return nonZero;
  }
}
