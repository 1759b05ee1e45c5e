package dev.skipjack.kernels.scalar;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.kernels.support.ScratchPool;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;

/** The reference provider. */
public final class ScalarKernelProvider implements KernelProvider {
  private final FloatKernels floats = new ScalarFloatKernels();
  private final ScratchPool pool = new ScratchPool(CodecSpans.SCRATCH);

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int vectorBits() {
    return 0;
  }

  @Override
  public FloatKernels floats() {
    return floats;
  }

  @Override
  public RowMatrix matrix(Tensor tensor) {
    return new ScalarMatrix(tensor, floats, pool);
  }

  @Override
  public CacheKernels cache(TensorType type) {
    return new ScalarCacheKernels(type, floats, pool);
  }

  @Override
  public Activation activation(String name, float... parameters) {
    throw new IllegalArgumentException("no activation is registered under '" + name + "'");
  }
}
