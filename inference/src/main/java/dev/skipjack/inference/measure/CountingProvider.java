package dev.skipjack.inference.measure;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;

/**
 * Kernels of another provider whose activations count what they let through. A decoder asks for its
 * activations layer by layer, so the n-th one made here counts layer n.
 */
final class CountingProvider implements KernelProvider {
  private final KernelProvider kernels;
  private final List<CountingActivation> activations = new ArrayList<>();

  CountingProvider(KernelProvider kernels) {
    this.kernels = kernels;
  }

  /** The fraction of non-zero results of every activation, in the order they were made. */
  double[] activeFractions() {
    return activations.stream().mapToDouble(CountingActivation::activeFraction).toArray();
  }

  @Override
  public String name() {
    return kernels.name();
  }

  @Override
  public int vectorBits() {
    return kernels.vectorBits();
  }

  @Override
  public FloatKernels floats() {
    return kernels.floats();
  }

  @Override
  public RowMatrix matrix(Tensor tensor) {
    return kernels.matrix(tensor);
  }

  @Override
  public CacheKernels cache(TensorType type) {
    return kernels.cache(type);
  }

  @Override
  public Activation activation(String name, float... parameters) {
    CountingActivation activation =
        new CountingActivation(
            kernels.activation(name, parameters), new LongAdder(), new LongAdder());
    activations.add(activation);
    return activation;
  }

  private record CountingActivation(Activation activation, LongAdder active, LongAdder total)
      implements Activation {
    double activeFraction() {
      return active.doubleValue() / total.doubleValue();
    }

    @Override
    public String name() {
      return activation.name();
    }

    @Override
    public void apply(float[] x, int offset, int length) {
      activation.apply(x, offset, length);
      int nonZero = 0;
      for (int i = offset; i < offset + length; i++) {
        nonZero += x[i] != 0 ? 1 : 0;
      }
      active.add(nonZero);
      total.add(length);
    }

    @Override
    public boolean elementwise() {
      return activation.elementwise();
    }

    @Override
    public OptionalDouble flatBelow() {
      return activation.flatBelow();
    }

    @Override
    public float flatValue() {
      return activation.flatValue();
    }
  }
}
