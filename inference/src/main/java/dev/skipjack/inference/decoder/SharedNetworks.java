package dev.skipjack.inference.decoder;

import dev.skipjack.inference.device.ColdNeurons;
import dev.skipjack.inference.device.NeuronSubset;
import dev.skipjack.inference.device.SharedLayer;
import dev.skipjack.inference.feedforward.FeedForward;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.feedforward.NeuronOptions;
import dev.skipjack.inference.feedforward.ResolvedMethod;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LayerSpec;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The cold neurons of the layers that a device shares with the processor: networks of their own,
 * whose weights are copied together so that they are read in order. Immutable and thread-safe.
 */
public final class SharedNetworks implements AutoCloseable {
  private final KernelProvider kernels;
  private final ThreadTeam team;
  private final DecoderSpec spec;
  private final Map<Integer, Integer> places = new HashMap<>();
  private final Map<Integer, FeedForward> networks = new HashMap<>();
  private final FeedForwards feedForwards;
  private final Arena arena = Arena.ofShared();

  /**
   * @param shared layers of {@code spec}; may be none
   * @param method resolved for all layers of {@code spec}
   */
  public SharedNetworks(
      KernelProvider kernels,
      DecoderSpec spec,
      Metadata metadata,
      List<SharedLayer> shared,
      ResolvedMethod method,
      ThreadTeam team) {
    this.kernels = kernels;
    this.team = team;
    ResolvedMethod own = method.forLayers(shared.stream().map(SharedLayer::layer).toList());
    try {
      List<LayerSpec> layers = new ArrayList<>();
      for (SharedLayer each : shared) {
        places.put(each.layer(), layers.size());
        layers.add(cold(spec.layers().get(each.layer()), each, layers.size()));
      }
      this.spec = spec.withLayers(layers);
      this.feedForwards =
          FeedForwards.of(kernels, this.spec, metadata, own, NeuronOptions.DEFAULTS, team);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
    places.forEach((layer, place) -> networks.put(layer, feedForwards.layer(place)));
  }

  /** The layer with its cold neurons only, as number {@code place}. */
  private LayerSpec cold(LayerSpec layer, SharedLayer shared, int place) {
    Dense whole = (Dense) layer.feedForward();
    Dense network =
        shared.hot().length == 0
            ? whole
            : NeuronSubset.of(whole, shared.cold(whole.length()), true, arena);
    return new LayerSpec(
        place,
        layer.topology(),
        layer.attentionNorm(),
        layer.attention(),
        layer.postAttentionNorm(),
        layer.feedForwardNorm(),
        network,
        layer.postFeedForwardNorm(),
        layer.residualScale());
  }

  /**
   * The buffers of a session.
   *
   * @param batch most tokens at once
   */
  public ColdNeurons newPass(int batch) {
    return networks.isEmpty()
        ? ColdNeurons.NONE
        : new ColdPass(
            kernels.floats(),
            team,
            places,
            networks,
            new Workspace(spec, batch, feedForwards.newSelectionSpace(batch, team.size())));
  }

  /** Frees the copies. */
  @Override
  public void close() {
    feedForwards.close();
    arena.close();
  }
}
