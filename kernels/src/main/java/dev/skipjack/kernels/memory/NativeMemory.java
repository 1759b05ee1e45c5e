package dev.skipjack.kernels.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Native memory for copies of weights, or for keys and values, that live equally long. Pieces are
 * cut one after the other from large mappings in huge pages where the system has them: a matrix
 * that got memory of its own would begin and end with small pages, and every small page costs an
 * address translation. What is left of a mapping is never written and so takes no memory.
 * Allocating is for one thread; the memory is for all, until {@link #close}.
 */
public final class NativeMemory implements AutoCloseable {
  /** Addresses of one mapping. */
  static final long MAPPING = 1L << 30;

  private static final long ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private MemorySegment mapping = MemorySegment.NULL;
  private long used;

  /**
   * Zeros, aligned to cache lines.
   *
   * @throws OutOfMemoryError if the system refuses so much
   */
  public MemorySegment allocate(long byteSize) {
    if (byteSize > mapping.byteSize() - used && !grow(byteSize)) {
      return arena.allocate(byteSize, ALIGNMENT);
    }
    MemorySegment piece = mapping.asSlice(used, byteSize, ALIGNMENT);
    used = Math.min(mapping.byteSize(), Math.ceilDiv(used + byteSize, ALIGNMENT) * ALIGNMENT);
    return piece;
  }

  private boolean grow(long byteSize) {
    long size = Math.max(MAPPING, byteSize);
    Optional<MemorySegment> next = HugePages.ofSystem().flatMap(system -> system.map(size, arena));
    if (next.isPresent()) {
      mapping = next.get();
      used = 0;
    }
    return next.isPresent();
  }

  /** Gives all memory back; whoever still reads it fails. */
  @Override
  public void close() {
    arena.close();
  }
}
