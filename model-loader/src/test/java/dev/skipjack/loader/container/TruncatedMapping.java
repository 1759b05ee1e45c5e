package dev.skipjack.loader.container;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Cuts a file while it is mapped, touches what is gone, and prints what the boundary would say. A
 * program of its own, because the failure it looks for is the death of the JVM.
 */
final class TruncatedMapping {
  private static final int FILE_BYTES = 4 << 20;
  private static final int BLOCK_BYTES = 1 << 16;
  private static final int WARM_UP_CALLS = 12_000;

  private TruncatedMapping() {}

  /** Ways of reading a block of a segment; each its own method, so that each is compiled alone. */
  enum Access {
    SCALAR {
      @Override
      long read(MemorySegment file, long offset) {
        long sum = 0;
        for (long i = 0; i < BLOCK_BYTES; i += Long.BYTES) {
          sum += file.get(ValueLayout.JAVA_LONG, offset + i);
        }
        return sum;
      }
    },
    BULK {
      @Override
      long read(MemorySegment file, long offset) {
        byte[] copy = new byte[BLOCK_BYTES];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, offset, copy, 0, BLOCK_BYTES);
        return Arrays.hashCode(copy);
      }
    };

    abstract long read(MemorySegment file, long offset);
  }

  /**
   * @param args the access, and {@code hot} to warm it up first
   */
  public static void main(String[] args) throws IOException {
    Access access = Access.valueOf(args[0]);
    Path path = Files.createTempFile("truncated", ".bin");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        Arena arena = Arena.ofShared()) {
      file.setLength(FILE_BYTES);
      MemorySegment mapped = MappedFiles.map(path, arena);
      if (args[1].equals("hot")) {
        warmUp(access, mapped);
      }
      file.setLength(1);
      for (int attempt = 0; attempt < 3; attempt++) {
        System.out.println(outcome(access, mapped));
      }
    } finally {
      Files.delete(path);
    }
  }

  private static void warmUp(Access access, MemorySegment mapped) {
    long sum = 0;
    for (int i = 0; i < WARM_UP_CALLS; i++) {
      sum += access.read(mapped, (long) i % 8 * BLOCK_BYTES);
    }
    System.err.println("warm-up read " + sum);
  }

  private static String outcome(Access access, MemorySegment mapped) {
    try {
      return "read " + access.read(mapped, FILE_BYTES / 2);
    } catch (InternalError e) {
      return MappedFiles.explain("model.gguf", e).getMessage();
    }
  }
}
