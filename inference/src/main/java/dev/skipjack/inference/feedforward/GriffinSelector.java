package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Largest;
import dev.skipjack.inference.layer.NeuronHistory;
import dev.skipjack.inference.layer.SelectionSpace.Needs;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.team.Worker;
import java.util.Arrays;
import java.util.Optional;

/**
 * Computes, for a whole generation, the neurons that mattered to the prompt (GRIFFIN, arXiv
 * 2404.01365): the activations of every prompt token are divided by their Euclidean norm, a
 * neuron's score is the norm of its own over the prompt, and the given fraction of neurons with the
 * highest scores is kept. Prompt tokens are computed densely; a prompt that continues a
 * conversation adds to the scores.
 */
final class GriffinSelector implements Selector {
  private static final String EXPECTED = "a number above 0 and at most 1";

  static final SelectionMethod METHOD =
      new SelectionMethod(
          "griffin",
          SelectionParameter.perLayer("FRACTION", EXPECTED, GriffinSelector::isFraction),
          GriffinSelector::refusal,
          GriffinSelector::new);

  private final int layer;
  private final int length;
  private final int kept;

  private GriffinSelector(SelectionContext context) {
    this.layer = context.layer().index();
    this.length = context.network().length();
    this.kept = Math.max(1, Math.round(context.threshold("griffin").orElseThrow() * length));
  }

  private static boolean isFraction(float value) {
    return value > 0 && value <= 1;
  }

  private static Optional<String> refusal(SelectionContext context) {
    Optional<Float> fraction = context.threshold("griffin");
    if (fraction.isEmpty()) {
      return Optional.of("the file has no fraction of its own; give one as griffin:FRACTION");
    }
    return fraction
        .filter(value -> !isFraction(value))
        .map(value -> "the fraction is %s, expected %s".formatted(value, EXPECTED))
        .or(context::refuseStatisticalTopK);
  }

  private NeuronHistory history(Workspace space) {
    return space.selection.orElseThrow().history(layer);
  }

  @Override
  public boolean mayPreselect() {
    return true;
  }

  @Override
  public boolean preselects(Workspace space) {
    return !space.prompt;
  }

  @Override
  public void prepare(Worker worker, Workspace space) {
    NeuronHistory history = history(space);
    if (worker.isLead() && !history.ready) {
      choose(history);
    }
    worker.barrier();
  }

  /** Marks the neurons of highest score, the first among equals. */
  private void choose(NeuronHistory history) {
    float least = Largest.magnitude(history.scores, 0, length, kept);
    int left = kept;
    for (int i = 0; i < length; i++) {
      history.chosen[i] = history.scores[i] > least;
      left -= history.chosen[i] ? 1 : 0;
    }
    for (int i = 0; i < length && left > 0; i++) {
      if (history.scores[i] == least) {
        history.chosen[i] = true;
        left--;
      }
    }
    history.ready = true;
  }

  @Override
  public int select(Workspace space, int t, int from, int to, int[] selected) {
    boolean[] chosen = history(space).chosen;
    int count = from;
    for (int i = from; i < to; i++) {
      selected[count] = i;
      count += chosen[i] ? 1 : 0;
    }
    return count - from;
  }

  @Override
  public void filter(Worker worker, Workspace space, int length) {
    if (preselects(space)) {
      Selector.super.filter(worker, space, length);
    } else {
      accumulate(worker, space);
    }
  }

  /** Adds the tokens of a prompt to the squares of the scores. */
  private void accumulate(Worker worker, Workspace space) {
    NeuronHistory history = history(space);
    float[] values = space.neurons.values();
    int cols = space.neurons.cols();
    // The gates have done their work, so their buffer can hold one number per token.
    float[] weights = space.gate;
    for (int t = worker.from(space.count, 1); t < worker.to(space.count, 1); t++) {
      double squares = 0;
      for (int i = t * cols; i < t * cols + length; i++) {
        squares += (double) values[i] * values[i];
      }
      weights[t] = squares == 0 ? 0 : (float) (1 / squares);
    }
    worker.barrier();
    int from = worker.from(length, 1);
    int to = worker.to(length, 1);
    if (space.position == 0) {
      Arrays.fill(history.scores, from, to, 0);
    }
    for (int t = 0; t < space.count; t++) {
      int offset = t * cols;
      for (int i = from; i < to; i++) {
        history.scores[i] += weights[t] * values[offset + i] * values[offset + i];
      }
    }
    Masks.countAll(worker, space, length);
    if (worker.isLead()) {
      history.ready = false;
    }
    worker.barrier();
  }

  @Override
  public int maxTokens(Workspace space) {
    return space.prompt ? 0 : 1;
  }

  @Override
  public Needs needs() {
    return Needs.HISTORY;
  }
}
