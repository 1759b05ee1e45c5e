package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LayerSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs one layer of one method over a sequence of batches, in the way it is told to. */
final class LayerRun implements AutoCloseable {
  static final int BATCH = 16;

  /** The neuron-by-neuron stages, the dense pass with a mask, or what the layer itself prefers. */
  enum Way {
    STAGES,
    MASKED,
    OWN_CHOICE
  }

  private final ThreadTeam team;
  private final Way way;
  private final NeuronMajorCopies copies;
  private final Selector selector;
  private final NeuronStages stages;
  private final DenseFeedForward dense;
  private final SparseFeedForward own;
  private final ThreadTeam.Task task = this::compute;
  final Workspace space;

  LayerRun(TestLayer layer, String method, List<Float> parameters, int workers, Way way) {
    this(KernelProviders.get(), layer, method, parameters, workers, way);
  }

  LayerRun(
      KernelProvider kernels,
      TestLayer layer,
      String method,
      List<Float> parameters,
      int workers,
      Way way) {
    this.team = new ThreadTeam(workers);
    this.way = way;
    LayerSpec spec = layer.spec();
    Dense network = layer.network();
    SelectionMethod chosen = SelectionMethods.require(method);
    SelectionContext context =
        SelectionContext.of(kernels, TestLayer.noMetadata(), spec, network, parameters);
    chosen
        .refusal()
        .of(context)
        .ifPresent(
            refusal -> {
              throw new IllegalArgumentException(refusal);
            });
    this.selector = chosen.binder().bind(context);
    this.copies = new NeuronMajorCopies(List.of(network.down()));
    NeuronWeights weights = NeuronWeights.of(kernels, network, copies, selector, team);
    this.stages = new NeuronStages(kernels, network, weights, selector);
    this.dense = new DenseFeedForward(kernels, weights.dense(), network, 0, Optional.of(selector));
    this.own =
        new SparseFeedForward(kernels, network, weights, 0, selector, NeuronOptions.DEFAULTS);
    this.space =
        new Workspace(
            layer.decoder(),
            BATCH,
            Optional.of(
                new SelectionSpace(
                    List.of(selector.needs()),
                    BATCH,
                    workers,
                    TestLayer.HIDDEN,
                    TestLayer.LENGTH)));
  }

  /** The branch outputs {@code [count x hidden]} of tokens at consecutive positions. */
  float[] step(int position, int count, boolean prompt) {
    fill(position, count, prompt);
    repeat();
    return Arrays.copyOf(space.branch, count * TestLayer.HIDDEN);
  }

  /** Runs the last batch again. */
  void repeat() {
    team.run(task);
  }

  private void compute(Worker worker) {
    if (way == Way.OWN_CHOICE) {
      own.forward(worker, space);
      return;
    }
    space.selection.orElseThrow().active.share(worker).begin();
    if (way == Way.STAGES && space.count <= selector.maxTokens(space)) {
      stages.compute(worker, space);
    } else {
      dense.compute(worker, space);
    }
    worker.barrier();
    if (worker.isLead()) {
      selector.advance(space);
    }
  }

  private void fill(int position, int count, boolean prompt) {
    space.position = position;
    space.count = count;
    space.prompt = prompt;
    for (int t = 0; t < count; t++) {
      int hidden = TestLayer.HIDDEN;
      System.arraycopy(normed(position + t), 0, space.normed.values(), t * hidden, hidden);
      System.arraycopy(residual(position + t), 0, space.residual, t * hidden, hidden);
      System.arraycopy(layerInput(position + t), 0, space.layerInput, t * hidden, hidden);
    }
  }

  static float[] normed(int position) {
    return TestLayer.floats(1000 + position, TestLayer.HIDDEN);
  }

  static float[] residual(int position) {
    return TestLayer.floats(2000 + position, TestLayer.HIDDEN);
  }

  static float[] layerInput(int position) {
    return TestLayer.floats(3000 + position, TestLayer.HIDDEN);
  }

  @Override
  public void close() {
    team.close();
    copies.close();
  }
}
