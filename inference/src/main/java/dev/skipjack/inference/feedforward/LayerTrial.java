package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.RowSum;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;
import java.util.Optional;

/**
 * The products of one layer in both of its ways, on made-up activations: those of which a list of
 * neurons would read single rows. A gate that is computed for all neurons either way is left out.
 * Used by one team at a time.
 */
final class LayerTrial {
  private final Shape shape;
  private final int length;
  private final FloatKernels floats;
  private final Optional<Linear> gate;
  private final Optional<Linear> up;
  private final Linear down;
  private final Optional<NeuronRows> firstRows;
  private final Optional<NeuronRows> upRows;
  private final RowSum downRows;
  private final boolean quantizes;
  private final long byteSize;

  /** What layers that cost the same have in common. */
  record Shape(
      int neurons,
      int hidden,
      Object form,
      Object firstType,
      Object upType,
      Object downType,
      Object downRowType,
      boolean preselects) {}

  /** Buffers for one token: of any layer of a model. */
  static final class Buffers {
    private final Activations input;
    private final Activations neurons;
    private final float[] gate;
    private final float[] up;
    private final float[] output;
    private final float[] sums;

    private final int[][] lists;

    Buffers(int hidden, int neurons, int workers) {
      this.input = new Activations(1, hidden);
      this.neurons = new Activations(1, neurons);
      this.gate = new float[neurons];
      this.up = new float[neurons];
      this.lists = new int[workers][neurons];
      this.output = new float[hidden];
      this.sums = RowSum.newSums(hidden);
      // Neither zeros nor equal, so that nothing is cheaper than it would be.
      fill(input.values());
      fill(this.neurons.values());
    }

    private static void fill(float[] values) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (i % 13 - 6.5f) / 8;
      }
    }
  }

  LayerTrial(
      KernelProvider kernels,
      Dense spec,
      NeuronWeights weights,
      boolean preselects,
      Object downRowType) {
    this.length = spec.length();
    this.floats = kernels.floats();
    Linears linears = weights.dense();
    LinearSpec first = spec.gate().orElse(spec.up());
    boolean gated = spec.gate().isPresent();
    this.gate = preselects && gated ? Optional.of(weights.first()) : Optional.empty();
    this.up =
        gated
            ? Optional.of(linears.bind(0, LinearRole.UP, spec.up()))
            : preselects ? Optional.of(weights.first()) : Optional.empty();
    LinearSpec downSpec = spec.down().linear();
    this.down =
        spec.down().neuronMajor()
            ? linears.bindTransposed(0, LinearRole.DOWN, downSpec)
            : linears.bind(0, LinearRole.DOWN, downSpec);
    this.firstRows = weights.firstRows();
    this.upRows = weights.upRows();
    this.downRows = weights.down();
    this.quantizes =
        gate.map(Linear::needsInt8).orElse(false)
            || up.map(Linear::needsInt8).orElse(false)
            || upRows.map(NeuronRows::needsInt8).orElse(false);
    this.byteSize =
        gate.map(Linear::byteSize).orElse(0L)
            + up.map(Linear::byteSize).orElse(0L)
            + down.byteSize();
    this.shape =
        new Shape(
            length,
            spec.up().inputs(),
            spec.form(),
            first.weight().type(),
            spec.up().weight().type(),
            spec.down().weight().type(),
            downRowType,
            preselects);
  }

  Shape shape() {
    return shape;
  }

  /** Bytes that the dense way reads. */
  long byteSize() {
    return byteSize;
  }

  Buffers newBuffers(int workers) {
    return new Buffers(shape.hidden(), length, workers);
  }

  /** Quantises the input where that is wanted; by one thread. */
  void prepare(Buffers buffers) {
    if (quantizes) {
      floats.quantize(buffers.input, 0, 1);
    }
  }

  /**
   * The dense way, on all workers.
   *
   * @param most outputs that each worker computes of a map
   */
  void dense(Worker worker, Buffers buffers, int most) {
    if (gate.isPresent()) {
      apply(worker, gate.get(), buffers.input, most, buffers.sums, buffers.gate);
    }
    if (up.isPresent()) {
      apply(worker, up.get(), buffers.input, most, buffers.sums, buffers.up);
    }
    worker.barrier();
    if (down.needsInt8()) {
      floats.quantize(buffers.neurons, worker.from(1, 1), worker.to(1, 1));
      worker.barrier();
    }
    apply(worker, down, buffers.neurons, most, buffers.sums, buffers.output);
  }

  private static void apply(
      Worker worker, Linear map, Activations x, int most, float[] sums, float[] y) {
    if (most >= map.outputs()) {
      map.applyToken(worker, x, sums, y);
      return;
    }
    int from = worker.from(map.outputs(), map.step());
    int to = worker.to(map.outputs(), map.step());
    int end = most >= to - from ? to : from + Math.max(1, most / map.step()) * map.step();
    map.apply(x, 1, from, Math.min(end, to), y, map.outputs());
  }

  /** The listed neurons' rows, on all workers. */
  void rows(Worker worker, Buffers buffers, int[] neurons, int count) {
    int groups = RowSum.groups(count);
    worker.distributeSingly(groups);
    while (worker.take()) {
      group(buffers, neurons, count, worker.first(), groups, buffers.lists[worker.index()]);
    }
    worker.barrier();
    downRows.finish(worker, buffers.sums, groups, buffers.output, 0);
  }

  /** A group, a few neurons at a time, as {@link NeuronStages} reads them. */
  private void group(Buffers buffers, int[] neurons, int count, int group, int groups, int[] list) {
    int start = RowSum.start(group, groups, count);
    int listed = RowSum.start(group + 1, groups, count) - start;
    int parts = RowSum.parts(listed);
    downRows.begin(buffers.sums, group);
    for (int part = 0; part < parts; part++) {
      int from = start + RowSum.start(part, parts, listed);
      int to = start + RowSum.start(part + 1, parts, listed);
      if (firstRows.isPresent()) {
        firstRows.get().dots(buffers.input, 0, neurons, from, to, buffers.gate, 0);
      }
      if (upRows.isPresent()) {
        upRows.get().dots(buffers.input, 0, neurons, from, to, buffers.up, 0);
      }
      System.arraycopy(neurons, from, list, 0, to - from);
      downRows.add(buffers.neurons.values(), 0, list, to - from, buffers.sums, group);
    }
  }

  /** A list of so many neurons, spread evenly but not regularly, ascending. */
  int[] spread(double density) {
    int[] neurons = new int[length];
    int count = 0;
    double due = 0;
    for (int i = 0; i < length; i++) {
      // A low-discrepancy jitter: gaps differ as those of active neurons do.
      due += density * (0.5 + i * 0.618033988749895 % 1);
      if (due >= 1) {
        neurons[count++] = i;
        due -= 1;
      }
    }
    return Arrays.copyOf(neurons, count);
  }
}
