package dev.skipjack.inference.decoder;

import dev.skipjack.inference.attention.AttentionSpace;
import dev.skipjack.inference.attention.KvCache;
import dev.skipjack.inference.attention.Rotations;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowTable;
import dev.skipjack.kernels.memory.NativeMemory;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.LayerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs the layers of a model one at a time on sequences given as residual streams, so that layer by
 * layer something can be measured or tried. One thread at a time.
 */
public final class LayerPass implements AutoCloseable {
  private final ThreadTeam team;
  private final RowTable embedding;
  private final float embeddingScale;
  private final List<Layer> layers;
  private final NativeMemory memory = new NativeMemory();
  private final List<KvCache> caches = new ArrayList<>();
  private final Workspace space;
  private final Rotations rotations;
  private final AttentionSpace attention;
  private int layer;

  /**
   * @param linears binds the maps of all layers
   * @param length most tokens of a sequence
   */
  public LayerPass(
      KernelProvider kernels, DecoderSpec spec, Linears linears, ThreadTeam team, int length) {
    this.team = team;
    this.embedding = kernels.table(spec.embedding().weight());
    this.embeddingScale = spec.embedding().scale();
    FeedForwards networks = FeedForwards.dense(kernels, linears, spec);
    this.layers = new ArrayList<>();
    for (LayerSpec each : spec.layers()) {
      layers.add(new Layer(kernels, linears, each, networks.layer(each.index())));
      caches.add(new KvCache(memory, kernels.cache(TensorType.F32), each.attention(), length));
    }
    this.space =
        new Workspace(spec, length, Optional.empty(), linears.newInputSpace(length, team.size()));
    this.rotations = new Rotations(spec, length);
    this.attention = new AttentionSpace(spec, team.size());
  }

  public int hiddenSize() {
    return embedding.cols();
  }

  /** The residual stream before the first layer {@code [tokens x hidden]}, in a new array. */
  public float[] embed(int[] tokens) {
    int hidden = embedding.cols();
    float[] residual = new float[Math.multiplyExact(tokens.length, hidden)];
    for (int t = 0; t < tokens.length; t++) {
      embedding.row(tokens[t], residual, t * hidden);
    }
    for (int i = 0; i < residual.length; i++) {
      residual[i] *= embeddingScale;
    }
    return residual;
  }

  /**
   * Runs one layer over a sequence from position 0.
   *
   * @param index of the layer
   * @param input {@code [tokens x hidden]}
   * @param unmasked tokens at the beginning whose inputs are not masked
   * @param output {@code [tokens x hidden]}; may be the input
   */
  public void run(int index, float[] input, int unmasked, float[] output) {
    layer = index;
    space.count = input.length / embedding.cols();
    space.position = 0;
    space.prompt = true;
    space.unmasked = unmasked;
    System.arraycopy(input, 0, space.residual, 0, input.length);
    team.run(this::step);
    System.arraycopy(space.residual, 0, output, 0, input.length);
  }

  private void step(Worker worker) {
    rotations.prepare(worker, space.count, space.position);
    worker.barrier();
    layers.get(layer).forward(worker, space, caches.get(layer), rotations.layer(layer), attention);
  }

  /** Frees the caches. */
  @Override
  public void close() {
    memory.close();
  }
}
