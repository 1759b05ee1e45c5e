package dev.skipjack.inference.measure;

import dev.skipjack.kernels.ForwardingProvider;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.activation.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;

/**
 * Kernels of another provider whose activations count what they let through. A decoder asks for its
 * activations layer by layer, so the n-th one made here counts layer n.
 */
final class CountingProvider extends ForwardingProvider {
  private final List<CountingActivation> activations = new ArrayList<>();

  CountingProvider(KernelProvider kernels) {
    super(kernels);
  }

  /** The fraction of non-zero results of every activation, in the order they were made. */
  double[] activeFractions() {
    return activations.stream().mapToDouble(CountingActivation::activeFraction).toArray();
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
