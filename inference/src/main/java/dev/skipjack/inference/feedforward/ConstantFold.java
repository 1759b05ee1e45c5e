package dev.skipjack.inference.feedforward;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Gives exact zeros to activations that are a constant {@code c} for all inactive neurons. Without
 * a gate, {@code Wd a = Wd (a - c) + c Wd 1}: the activation loses its constant, and the bias of
 * the down projection gains {@code c} times the sum of each row of {@code Wd}.
 *
 * <p>Of the registered activations only the polynomial ReLU (PolyCom, arXiv 2411.03884) has such a
 * constant, its coefficient {@code a0}. Behind a gate the constant is multiplied by up, and behind
 * a norm it changes the norm, so those networks stay as they are.
 */
final class ConstantFold {
  private static final String POLYNOMIAL_RELU = "polyrelu";

  private ConstantFold() {}

  /** The same function of the input, with zeros where it can have them. */
  static Dense of(Dense network) {
    if (network.form() != Form.UNGATED
        || network.activationNorm().isPresent()
        || !network.activation().name().equals(POLYNOMIAL_RELU)
        || network.activation().parameters()[0] == 0) {
      return network;
    }
    float[] coefficients = network.activation().parameters().clone();
    float constant = coefficients[0];
    coefficients[0] = 0;
    return new Dense(
        network.length(),
        network.form(),
        new ActivationSpec(POLYNOMIAL_RELU, coefficients),
        network.gate(),
        network.up(),
        withBias(network.down(), constant),
        network.activationNorm(),
        network.topK(),
        network.predictor(),
        network.signs());
  }

  private static DownSpec withBias(DownSpec down, float constant) {
    double[] sums = down.neuronMajor() ? columnSums(down.weight()) : rowSums(down.weight());
    float[] bias = down.bias().map(Tensor::toFloats).orElseGet(() -> new float[sums.length]);
    for (int i = 0; i < bias.length; i++) {
      bias[i] += (float) (down.scale() * (double) constant * sums[i]);
    }
    Tensor folded =
        new Tensor(
            down.weight().name() + " bias",
            TensorType.F32,
            new long[] {bias.length},
            MemorySegment.ofArray(bias));
    return new DownSpec(
        down.weight(), down.neuronMajor(), Optional.of(folded), down.scale(), down.transposed());
  }

  private static double[] rowSums(Tensor weight) {
    double[] sums = new double[weight.rows()];
    float[] row = new float[weight.cols()];
    for (int r = 0; r < sums.length; r++) {
      decode(weight, r, row);
      for (float value : row) {
        sums[r] += value;
      }
    }
    return sums;
  }

  private static double[] columnSums(Tensor weight) {
    double[] sums = new double[weight.cols()];
    float[] row = new float[weight.cols()];
    for (int r = 0; r < weight.rows(); r++) {
      decode(weight, r, row);
      for (int c = 0; c < sums.length; c++) {
        sums[c] += row[c];
      }
    }
    return sums;
  }

  private static void decode(Tensor weight, int row, float[] out) {
    weight.type().codec().decode(weight.data(), row * weight.rowBytes(), out, 0, out.length);
  }
}
