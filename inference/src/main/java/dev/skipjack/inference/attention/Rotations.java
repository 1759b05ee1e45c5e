package dev.skipjack.inference.attention;

import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.RopeSpec;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rotations of a session: one table for each distinct {@link RopeSpec}, shared by layers. */
public final class Rotations {
  private final List<Rotation> distinct;
  private final List<Optional<Rotation>> byLayer;

  public Rotations(DecoderSpec spec, int batch) {
    Map<RopeSpec, Rotation> tables = new IdentityHashMap<>();
    List<Optional<Rotation>> layers = new ArrayList<>();
    for (LayerSpec layer : spec.layers()) {
      layers.add(
          layer
              .attention()
              .rope()
              .map(rope -> tables.computeIfAbsent(rope, r -> new Rotation(r, batch))));
    }
    this.distinct = List.copyOf(tables.values());
    this.byLayer = List.copyOf(layers);
  }

  /** Makes room for batches of so many tokens. Nobody else may use them meanwhile. */
  public void reserve(int batch) {
    distinct.forEach(rotation -> rotation.reserve(batch));
  }

  /** Prepares this worker's share of the batch. */
  public void prepare(Worker worker, int tokens, int position) {
    int to = worker.to(tokens, 1);
    for (int i = 0; i < distinct.size(); i++) {
      for (int t = worker.from(tokens, 1); t < to; t++) {
        distinct.get(i).prepare(t, position + t);
      }
    }
  }

  /** The rotation of a layer; empty if it encodes no positions. */
  public Optional<Rotation> layer(int index) {
    return byLayer.get(index);
  }
}
