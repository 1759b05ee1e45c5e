package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.FeedForward;
import dev.skipjack.kernels.tornado.kernel.Projection;
import dev.skipjack.kernels.tornado.kernel.Step;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A small graph whose results are known: one linear map and one gated activation over quantised
 * weights, computed by Java from the decoded weights.
 */
public final class CheckGraph {
  private static final int ROWS = 33;
  private static final int COLS = 96;
  private static final long SEED = 20_240_601;
  private static final float TOLERANCE = 1e-5f * COLS;

  private final float[] weights = new float[ROWS * COLS];
  private final FloatArray input = new FloatArray(COLS);
  private final FloatArray products = new FloatArray(ROWS);
  private final FloatArray neurons = new FloatArray(ROWS);
  private final GraphPlan plan;

  public CheckGraph(KernelForm form) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < COLS; i++) {
      input.set(i, (float) random.nextGaussian());
    }
    DeviceMatrix matrix = DeviceMatrix.of(quantised(weights));
    IntArray step = new IntArray(Step.SIZE);
    step.set(Step.POSITION, 0);
    step.set(Step.COUNT, 1);
    FloatArray bias = new FloatArray(ROWS);
    bias.init(0);
    products.init(Float.NaN);
    neurons.init(Float.NaN);
    Kernels kernels = new Kernels(form, 1, step, new FloatArray(1));
    kernels.multiply(
        "map", new DeviceLinear(matrix, bias, 1), input, products, 1, Projection.STORE);
    var silu = DeviceActivation.require(ActivationSpec.of("silu"));
    kernels.activate(
        "activation",
        new DeviceNeurons(
            matrix, matrix, silu.parameters(0), FeedForward.pack(silu.number(), FeedForward.GATED)),
        input,
        neurons);
    this.plan =
        GraphPlan.alone("check", kernels.calls(), List.of(input, step), List.of(products, neurons));
  }

  /** A Q8_0 tensor; leaves in {@code values} what it holds. */
  private static Tensor quantised(float[] values) {
    TensorType type = TensorType.Q8_0;
    MemorySegment data = Arena.ofAuto().allocate(type.byteSize(values.length));
    type.codec().encode(values, 0, values.length, data, 0);
    type.codec().decode(data, 0, values, 0, values.length);
    return new Tensor("check", type, new long[] {ROWS, COLS}, data);
  }

  public GraphPlan plan() {
    return plan;
  }

  /** The first result that is not Java's, after the graph ran; empty if all are. */
  public Optional<String> mismatch() {
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      for (int col = 0; col < COLS; col++) {
        sum += weights[row * COLS + col] * (double) input.get(col);
      }
      double neuron = sum / (1 + Math.exp(-sum)) * sum;
      if (!near(products.get(row), sum)) {
        return Optional.of(describe("linear map", products.get(row), sum));
      }
      if (!near(neurons.get(row), neuron)) {
        return Optional.of(describe("activation", neurons.get(row), neuron));
      }
    }
    return Optional.empty();
  }

  private static boolean near(float found, double expected) {
    return Math.abs(found - expected) <= TOLERANCE * (1 + Math.abs(expected));
  }

  private static String describe(String what, float found, double expected) {
    return "%s: found %s, expected %s".formatted(what, found, (float) expected);
  }
}
