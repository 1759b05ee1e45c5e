package dev.skipjack.inference.device;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LinearSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * A feed-forward network of some neurons of another: {@code y = sum over them of a_i Wd[:, i]}.
 * Networks over disjoint subsets add up to the whole, up to the order of summation, as long as one
 * of them has the bias of the down projection. Stateless.
 */
public final class NeuronSubset {
  private NeuronSubset() {}

  /** Why a network cannot be divided by neuron, in a few words; empty if it can. */
  public static Optional<String> refusal(Dense network) {
    if (network.down().byNeuron().isEmpty()) {
      return Optional.of(
          "no neuron-major down projection; skipjack sparsify --method hot writes one");
    }
    return network.activationNorm().isPresent() || network.topK().isPresent()
        ? Optional.of("a norm or a top-k over all its neurons")
        : Optional.empty();
  }

  /**
   * The network of some neurons, whose weights are copied.
   *
   * @param network one that is not {@link #refusal refused}
   * @param neurons ascending
   * @param bias whether the subset has the bias of the down projection
   * @param arena owns the copies
   */
  public static Dense of(Dense network, int[] neurons, boolean bias, Arena arena) {
    DownSpec down = network.down();
    return new Dense(
        neurons.length,
        network.form(),
        network.activation(),
        network.gate().map(gate -> rows(gate, neurons, arena)),
        rows(network.up(), neurons, arena),
        new DownSpec(
            rows(down.byNeuron().orElseThrow(), neurons, arena),
            true,
            bias ? down.bias() : Optional.empty(),
            down.scale()),
        Optional.empty(),
        Optional.empty(),
        network.predictor().map(predictor -> rows(predictor, neurons, arena)));
  }

  /** Bytes of the weights of one neuron. */
  public static long neuronBytes(Dense network) {
    return network.gate().map(gate -> gate.weight().rowBytes()).orElse(0L)
        + network.up().weight().rowBytes()
        + network.down().byNeuron().orElseThrow().rowBytes();
  }

  private static PredictorSpec rows(PredictorSpec predictor, int[] neurons, Arena arena) {
    return new PredictorSpec(
        predictor.fc1(),
        rows(predictor.fc2(), neurons, arena),
        predictor.threshold(),
        predictor.input(),
        predictor.hiddenRelu());
  }

  private static LinearSpec rows(LinearSpec linear, int[] neurons, Arena arena) {
    return new LinearSpec(
        rows(linear.weight(), neurons, arena),
        linear.bias().map(bias -> elements(bias, neurons, arena)),
        linear.scale());
  }

  private static Tensor rows(Tensor matrix, int[] neurons, Arena arena) {
    long bytes = matrix.rowBytes();
    MemorySegment copy = arena.allocate(Math.multiplyExact(bytes, neurons.length), Long.BYTES);
    for (int i = 0; i < neurons.length; i++) {
      MemorySegment.copy(matrix.data(), neurons[i] * bytes, copy, i * bytes, bytes);
    }
    return new Tensor(
        matrix.name(), matrix.type(), new long[] {neurons.length, matrix.cols()}, copy);
  }

  private static Tensor elements(Tensor vector, int[] neurons, Arena arena) {
    float[] values = vector.toFloats();
    MemorySegment copy = arena.allocate(ValueLayout.JAVA_FLOAT, neurons.length);
    for (int i = 0; i < neurons.length; i++) {
      copy.setAtIndex(ValueLayout.JAVA_FLOAT, i, values[neurons[i]]);
    }
    return new Tensor(vector.name(), TensorType.F32, new long[] {neurons.length}, copy);
  }
}
