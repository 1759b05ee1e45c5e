package dev.skipjack.kernels;

import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;

/**
 * The kernels of another provider, some of which a subclass does in a way of its own. What is not
 * overridden here is not forwarded: layouts of the other provider are for the subclass.
 */
public abstract class ForwardingProvider implements KernelProvider {
  protected final KernelProvider kernels;

  protected ForwardingProvider(KernelProvider kernels) {
    this.kernels = kernels;
  }

  @Override
  public final String name() {
    return kernels.name();
  }

  @Override
  public final int vectorBits() {
    return kernels.vectorBits();
  }

  @Override
  public final FloatKernels floats() {
    return kernels.floats();
  }

  @Override
  public RowMatrix matrix(Tensor tensor) {
    return kernels.matrix(tensor);
  }

  @Override
  public final CacheKernels cache(TensorType type) {
    return kernels.cache(type);
  }

  @Override
  public Activation activation(String name, float... parameters) {
    return kernels.activation(name, parameters);
  }
}
