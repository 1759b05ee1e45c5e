package dev.skipjack.inference.decoder;

import dev.skipjack.inference.device.ColdNeurons;
import dev.skipjack.inference.feedforward.FeedForward;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import java.util.Map;

/** One session's way through the cold neurons of shared layers, on all workers of the team. */
final class ColdPass implements ColdNeurons {
  private final FloatKernels floats;
  private final ThreadTeam team;
  private final Map<Integer, Integer> places;
  private final Map<Integer, FeedForward> networks;
  private final Workspace space;
  private final ThreadTeam.Task task = this::step;
  private FeedForward network;

  /**
   * @param places of the layers in the workspace, by their indices in the decoder
   * @param networks by the same indices
   * @param space of those layers, with room for the largest batch
   */
  ColdPass(
      FloatKernels floats,
      ThreadTeam team,
      Map<Integer, Integer> places,
      Map<Integer, FeedForward> networks,
      Workspace space) {
    this.floats = floats;
    this.team = team;
    this.places = places;
    this.networks = networks;
    this.space = space;
    this.network = networks.values().iterator().next();
  }

  @Override
  public void compute(int layer, int count, float[] residual, float[] normed, float[] branch) {
    int length = count * space.normed.cols();
    network = networks.get(layer);
    space.count = count;
    space.enter(places.get(layer));
    System.arraycopy(residual, 0, space.residual, 0, length);
    System.arraycopy(normed, 0, space.normed.values(), 0, length);
    team.run(task);
    System.arraycopy(space.branch, 0, branch, 0, length);
  }

  private void step(Worker worker) {
    if (network.needsInt8()) {
      floats.quantize(space.normed, worker.from(space.count, 1), worker.to(space.count, 1));
    }
    worker.barrier();
    network.forward(worker, space);
  }
}
