package dev.skipjack.loader.gguf;

import dev.skipjack.loader.container.MappedFile;
import dev.skipjack.loader.tensor.FilePlace;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * An entry of the tensor table.
 *
 * @param shape row-major, outermost first: the file's {@code ne} reversed
 * @param start where the data begins, in bytes from the start of the file
 * @param size bytes of data
 */
record GgufTensor(String name, TensorType type, long[] shape, long start, long size) {
  Tensor in(MemorySegment file) {
    return new Tensor(name, type, shape, file.asSlice(start, size));
  }

  Tensor in(MappedFile file) {
    return in(file.memory()).at(new FilePlace(file, start));
  }
}
