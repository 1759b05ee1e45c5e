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

  /** Whether the device has half floats, so that F16 linear maps can be half floats there. */
  default boolean halves() {
    return false;
  }

  /** The same for a device that has half floats. */
  static WeightSource withHalves(WeightSource source) {
    return new WeightSource() {
      @Override
      public ByteArray bytes(Tensor tensor) {
        return source.bytes(tensor);
      }

      @Override
      public boolean halves() {
        return true;
      }
    };
  }
}
