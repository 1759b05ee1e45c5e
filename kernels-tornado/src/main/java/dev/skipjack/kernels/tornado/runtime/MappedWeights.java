package dev.skipjack.kernels.tornado.runtime;

import dev.skipjack.kernels.tornado.graph.WeightSource;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Weights that share the pages of the model file, so that the host needs no copy of what it sends
 * to the device. An array begins with a header that TornadoVM writes: every tensor has a private
 * mapping of its own, in which the header covers the end of whatever stands before it; the file
 * stays as it is. Where TornadoVM cannot wrap memory, or the file cannot be mapped that way,
 * weights are copied.
 */
final class MappedWeights implements WeightSource, AutoCloseable {
  private final ModelFile file;
  private final Optional<MethodHandle> wrap = wrapper();
  private final Arena arena = Arena.ofShared();

  MappedWeights(ModelFile file) {
    this.file = file;
  }

  /** {@code ByteArray.fromSegmentShallow}, which early versions of TornadoVM lack. */
  private static Optional<MethodHandle> wrapper() {
    try {
      return Optional.of(
          MethodHandles.publicLookup()
              .findStatic(
                  ByteArray.class,
                  "fromSegmentShallow",
                  MethodType.methodType(ByteArray.class, MemorySegment.class)));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      // An early TornadoVM: copies do the same.
      return Optional.empty();
    }
  }

  @Override
  public ByteArray bytes(Tensor tensor) {
    return wrap.flatMap(handle -> map(tensor).map(memory -> wrap(handle, memory)))
        .orElseGet(() -> COPY.bytes(tensor));
  }

  private static ByteArray wrap(MethodHandle handle, MemorySegment memory) {
    try {
      return (ByteArray) handle.invokeExact(memory);
    } catch (Throwable e) {
      throw new IllegalStateException("TornadoVM does not wrap mapped weights", e);
    }
  }

  /** Header and weights; empty if the file does not hold them that way. */
  private Optional<MemorySegment> map(Tensor tensor) {
    Path path = Path.of(file.source());
    if (!Files.isRegularFile(path) || !Files.isWritable(path)) {
      return Optional.empty();
    }
    long header = TornadoNativeArray.ARRAY_HEADER;
    long start = file.fileOffset(tensor) - header;
    if (start < 0) {
      return Optional.empty();
    }
    // A private mapping asks for a channel that could write, though it never does.
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (channel.size() < start + header + tensor.byteSize()) {
        return Optional.empty();
      }
      MemorySegment memory =
          channel.map(FileChannel.MapMode.PRIVATE, start, header + tensor.byteSize(), arena);
      // The tensor of a split model may stand in another file.
      boolean same = memory.asSlice(header).mismatch(tensor.data()) == -1;
      return same ? Optional.of(memory) : Optional.empty();
    } catch (IOException e) {
      // A file system that cannot: copies do the same.
      return Optional.empty();
    }
  }

  /** Unmaps; the arrays must not be used any more. */
  @Override
  public void close() {
    arena.close();
  }
}
