package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.NeuronHistory;
import dev.skipjack.inference.layer.SelectionSpace.Needs;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.team.Worker;
import java.util.Optional;

/**
 * Reuses the neurons of recent tokens (aggregated sparsity of ReLU Strikes Back, arXiv 2310.04564):
 * positions come in pairs of windows of {@code gamma}; in the first every neuron may be active, in
 * the second only those that were active in the first. A conversation that is rewound starts anew:
 * nothing is reused before a whole first window was seen.
 */
final class ReuseSelector implements Selector {
  static final SelectionMethod METHOD =
      new SelectionMethod(
          "reuse",
          SelectionParameter.required(
              "GAMMA", "a whole number of 1 or more", SelectionParameter::isCount),
          ReuseSelector::refusal,
          ReuseSelector::new);

  private final int layer;
  private final int gamma;

  private ReuseSelector(SelectionContext context) {
    this.layer = context.layer().index();
    this.gamma = (int) context.parameter();
  }

  private static Optional<String> refusal(SelectionContext context) {
    return context.refuseWithoutZeros().or(context::refuseStatisticalTopK);
  }

  private NeuronHistory history(Workspace space) {
    return space.selection.orElseThrow().history(layer);
  }

  private static boolean broken(Workspace space, NeuronHistory history) {
    return space.position != history.next;
  }

  /** Whether the neurons of this position are those of an earlier window, seen as a whole. */
  private boolean reuses(Workspace space, NeuronHistory history, int position) {
    int start = broken(space, history) ? space.position : history.start;
    long pair = position / (2L * gamma);
    return position / gamma % 2 == 1 && pair * 2 * gamma >= start;
  }

  /** Distinguishes windows, also those at equal positions before and after a rewind. */
  private long label(Workspace space, NeuronHistory history, int position) {
    long breaks = history.breaks + (broken(space, history) ? 1 : 0);
    return breaks << Integer.SIZE | position / (2L * gamma);
  }

  @Override
  public boolean mayPreselect() {
    return true;
  }

  @Override
  public boolean preselects(Workspace space) {
    return reuses(space, history(space), space.position);
  }

  @Override
  public int select(Workspace space, int t, int from, int to, int[] selected) {
    NeuronHistory history = history(space);
    long label = label(space, history, space.position + t);
    int count = from;
    for (int i = from; i < to; i++) {
      selected[count] = i;
      count += history.lastActive[i] == label ? 1 : 0;
    }
    return count - from;
  }

  @Override
  public void observe(Workspace space, int t, int[] neurons, int count) {
    NeuronHistory history = history(space);
    int position = space.position + t;
    if (!reuses(space, history, position)) {
      long label = label(space, history, position);
      for (int i = 0; i < count; i++) {
        history.lastActive[neurons[i]] = label;
      }
    }
  }

  /** Tokens of a batch take turns observing and reusing, each worker on its own neurons. */
  @Override
  public void filter(Worker worker, Workspace space, int length) {
    NeuronHistory history = history(space);
    float[] values = space.neurons.values();
    int from = worker.from(length, 1);
    int to = worker.to(length, 1);
    for (int t = 0; t < space.count; t++) {
      int position = space.position + t;
      int offset = t * space.neurons.cols();
      boolean reuses = reuses(space, history, position);
      long label = label(space, history, position);
      int selected = to - from;
      for (int i = from; i < to; i++) {
        if (reuses && history.lastActive[i] != label) {
          values[offset + i] = 0;
          selected--;
        } else if (!reuses && values[offset + i] != 0) {
          history.lastActive[i] = label;
        }
      }
      space.selection.orElseThrow().active.share(worker).count(Stage.GATE, selected);
    }
    worker.barrier();
  }

  @Override
  public void advance(Workspace space) {
    NeuronHistory history = history(space);
    if (broken(space, history)) {
      history.start = space.position;
      history.breaks++;
    }
    history.next = space.position + space.count;
  }

  @Override
  public int maxTokens(Workspace space) {
    return 1;
  }

  @Override
  public Needs needs() {
    return Needs.HISTORY;
  }
}
