package dev.skipjack.kernels;

import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.List;
import java.util.Optional;

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

  /** A matrix that is only ever multiplied whole, in the layout this provider thinks best. */
  default Matrix dense(Tensor tensor) {
    return matrix(tensor);
  }

  /**
   * A faster layout for {@link #dense} matrices, where this provider has one for the tensor's type.
   * Whether it can hold this tensor is told by {@link PackedTensor#survey}.
   */
  default Optional<PackedTensor> packed(Tensor tensor) {
    return Optional.empty();
  }

  /** Rows that are looked up here and there, one for each token of a text. */
  default RowTable table(Tensor tensor) {
    return tensor.place().isPresent() ? new FileTable(tensor) : new CodecTable(tensor);
  }

  /** Rows that are read one by one, in the layout this provider thinks best. */
  default Rows rows(Tensor tensor) {
    return matrix(tensor);
  }

  /**
   * Rows of several matrices with as many rows each, of which row {@code i} is read soon after row
   * {@code i} of the one before: those of one neuron. They may lie side by side in memory.
   */
  default List<Rows> bundle(List<Tensor> tensors) {
    return tensors.stream().map(this::rows).toList();
  }

  /** A faster layout for {@link #rows}, where this provider has one for the tensor. */
  default Optional<PackedRows> packedRows(Tensor tensor) {
    return Optional.empty();
  }

  /**
   * The input channels of a matrix {@code [outputs x inputs]}, where this provider copies it so
   * that they can be read one by one.
   */
  default Optional<Channels> channels(Tensor tensor) {
    return Optional.empty();
  }

  /**
   * A layout for {@link #channels}, where this provider has one for the tensor. Whether it can hold
   * this tensor is told by {@link PackedChannels#survey}.
   */
  default Optional<PackedChannels> packedChannels(Tensor tensor) {
    return Optional.empty();
  }

  /** These kernels without any copies of weights, for those who read rows one by one. */
  default KernelProvider rowMajor() {
    return this;
  }

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
