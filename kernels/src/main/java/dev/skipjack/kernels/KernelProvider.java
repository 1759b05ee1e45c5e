package dev.skipjack.kernels;

import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;

/**
 * One implementation of all compute: scalar reference or Vector API. Chosen once by {@link
 * KernelProviders}. Thread-safe; everything it returns is immutable and thread-safe.
 */
public interface KernelProvider {
  /** {@code scalar} or {@code vector}. */
  String name();

  /** Width of a vector register in bits; 0 for scalar code. */
  int vectorBits();

  /** Kernels over float arrays. */
  FloatKernels floats();

  /** A matrix over a tensor's own bytes, row-major. Every tensor type is served. */
  RowMatrix matrix(Tensor tensor);

  /**
   * Kernels over cached keys or values of one type.
   *
   * @throws IllegalArgumentException if the cache cannot hold that type
   */
  CacheKernels cache(TensorType type);

  /**
   * This provider's implementation of an activation.
   *
   * @throws IllegalArgumentException if the name or the number of parameters is unknown
   */
  Activation activation(String name, float... parameters);
}
