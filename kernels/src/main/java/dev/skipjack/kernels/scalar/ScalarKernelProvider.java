package dev.skipjack.kernels.scalar;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.kernels.activation.ActivationRegistry;
import dev.skipjack.kernels.support.CodecSpans;
import dev.skipjack.kernels.support.FloatCacheKernels;
import dev.skipjack.kernels.support.PanelProduct;
import dev.skipjack.kernels.support.ScratchPool;
import dev.skipjack.kernels.support.SpanKernels;
import dev.skipjack.kernels.support.SpanMatrix;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;

/** The reference provider. */
public final class ScalarKernelProvider implements KernelProvider {
  private final FloatKernels floats = new ScalarFloatKernels();
  private final PanelProduct product = new PanelProduct(new ScalarPanels());
  private final ScratchPool pool =
      new ScratchPool(Math.max(CodecSpans.SCRATCH, product.turnLength()));

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
    return new SpanMatrix(tensor, spans(tensor.type()), product, pool);
  }

  @Override
  public CacheKernels cache(TensorType type) {
    return type == TensorType.Q8_0 ? new ScalarQ8_0Cache() : new FloatCacheKernels(type);
  }

  @Override
  public Activation activation(String name, float... parameters) {
    return ActivationRegistry.scalar(name, parameters);
  }

  private SpanKernels spans(TensorType type) {
    return new CodecSpans(type, floats, pool);
  }
}
