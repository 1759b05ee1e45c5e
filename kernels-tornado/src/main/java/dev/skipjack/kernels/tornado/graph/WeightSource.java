package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.loader.tensor.Tensor;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;

/** Makes the bytes of tensors arrays that can go to a device. */
@FunctionalInterface
public interface WeightSource {
  /** Copies them into native memory. */
  WeightSource COPY = tensor -> ByteArray.fromSegment(tensor.data());

  /** All bytes of a tensor; nobody writes them. */
  ByteArray bytes(Tensor tensor);
}
