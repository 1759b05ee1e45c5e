package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import java.util.List;

/**
 * Keeps the neurons of one chunk of tokens, all layers of it, and shows them to an analysis on all
 * threads, each taking layers of its own.
 */
final class NeuronWatcher implements Watcher {
  private final ThreadTeam team;
  private final NeuronAnalysis analysis;
  private final List<Integer> lengths;

  /** By layer {@code [chunk x length]}. */
  private final float[][] neurons;

  /**
   * @param lengths neurons of every layer
   * @param chunk most tokens of a chunk
   */
  NeuronWatcher(ThreadTeam team, List<Integer> lengths, int chunk, NeuronAnalysis analysis) {
    this.team = team;
    this.lengths = List.copyOf(lengths);
    this.analysis = analysis;
    this.neurons =
        lengths.stream()
            .map(length -> new float[Math.multiplyExact(length, chunk)])
            .toArray(float[][]::new);
  }

  @Override
  public void begin() {
    analysis.begin();
  }

  @Override
  public void neurons(int layer, Activations activations, int tokens) {
    int length = lengths.get(layer);
    for (int t = 0; t < tokens; t++) {
      System.arraycopy(
          activations.values(), t * activations.cols(), neurons[layer], t * length, length);
    }
  }

  @Override
  public void endChunk(int tokens) {
    team.run(worker -> analyze(worker, tokens));
  }

  private void analyze(Worker worker, int tokens) {
    for (int layer = worker.index(); layer < neurons.length; layer += worker.count()) {
      analysis.add(layer, neurons[layer], tokens);
    }
  }
}
