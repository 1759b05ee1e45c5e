package dev.skipjack.bench.kernels;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.PackingProvider;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The rows of a predicted token's neurons, gate, up and neuron-major down of a few neurons before
 * the next, from three matrices or from one memory in which the rows of a neuron lie together.
 * Layers take turns, so that no cache holds them. Huge pages ({@code
 * GLIBC_TUNABLES=glibc.malloc.hugetlb=1}) matter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(3)
public class NeuronBundleBenchmark {
  private static final int LAYERS = 8;
  private static final int LISTS = 16;

  /** Neurons that are finished before the next. */
  private static final int TOGETHER = 32;

  @Param({"false", "true"})
  private boolean bundled;

  @Param("Q4_0")
  private TensorType type;

  @Param("11008")
  private int neurons;

  @Param("4096")
  private int hidden;

  @Param("0.1")
  private double density;

  @Param("2")
  private int threads;

  private Arena arena;
  private ThreadTeam team;
  private PackingProvider kernels;
  private final List<List<Rows>> layers = new ArrayList<>();
  private List<int[]> lists;
  private Activations input;
  private float[] values;

  /** By worker. */
  private float[][] sums;

  private int[][] parts;
  private int turn;

  @Setup
  public void prepare() {
    KernelProvider vector = KernelProviders.create("vector");
    RandomTensors random = new RandomTensors();
    arena = Arena.ofShared();
    team = new ThreadTeam(threads);
    kernels = new PackingProvider(vector, team);
    Tensor weights = random.matrix(arena, type, neurons, hidden);
    List<Tensor> network = List.of(weights, weights, weights);
    for (int layer = 0; layer < LAYERS; layer++) {
      layers.add(bundled ? kernels.bundle(network) : network.stream().map(kernels::rows).toList());
    }
    lists = IntStream.range(0, LISTS).mapToObj(i -> random.rows(neurons, density)).toList();
    input = random.activations(1, hidden);
    vector.floats().quantize(input, 0, 1);
    values = random.floats(neurons);
    sums = new float[threads][Rows.longestSum(hidden)];
    parts = new int[threads][TOGETHER];
  }

  @TearDown
  public void free() {
    team.close();
    kernels.close();
    arena.close();
  }

  @Benchmark
  public float[][] token() {
    List<Rows> layer = layers.get(turn % LAYERS);
    int[] active = lists.get(turn % LISTS);
    turn++;
    team.run(worker -> compute(worker, layer, active));
    return sums;
  }

  private void compute(Worker worker, List<Rows> layer, int[] active) {
    int from = worker.from(active.length, 1);
    int to = worker.to(active.length, 1);
    int[] part = parts[worker.index()];
    float[] sum = sums[worker.index()];
    Arrays.fill(sum, 0);
    for (int i = from; i < to; i += TOGETHER) {
      int end = Math.min(to, i + TOGETHER);
      layer.getFirst().multiplyRows(input, 0, active, i, end, values, 0);
      layer.get(1).multiplyRows(input, 0, active, i, end, values, 0);
      System.arraycopy(active, i, part, 0, end - i);
      layer.getLast().sumRows(values, i, part, end - i, sum, 0);
    }
  }
}
