package dev.skipjack.inference.measure;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How fast this machine reads memory in order: the bound of generation, which reads every weight
 * for every token.
 *
 * @param bytes read in each pass
 * @param passes gigabytes (10^9) per second of each pass, in order
 */
public record StreamingBandwidth(int threads, long bytes, List<Double> passes) {
  /** More than any processor caches. */
  private static final long BYTES = 1L << 30;

  private static final int WARM_UPS = 2;
  private static final int PASSES = 5;

  public StreamingBandwidth {
    passes = List.copyOf(passes);
  }

  /** The best pass: interruptions only ever make one slower. */
  public double gigabytesPerSecond() {
    return Collections.max(passes);
  }

  /**
   * Sums 1 GiB of native memory several times, every thread its own part.
   *
   * @throws OutOfMemoryError if the memory is not to be had
   */
  public static StreamingBandwidth measure(int threads) {
    try (Arena arena = Arena.ofShared();
        ThreadTeam team = new ThreadTeam(threads)) {
      Reader reader = new Reader(arena.allocate(BYTES, Reader.STEP), threads);
      List<Double> passes = new ArrayList<>();
      for (int pass = 0; pass < WARM_UPS + PASSES; pass++) {
        long start = System.nanoTime();
        team.run(reader);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (pass >= WARM_UPS) {
          passes.add(BYTES / seconds / 1e9);
        }
      }
      reader.requireZeros();
      return new StreamingBandwidth(threads, BYTES, passes);
    }
  }

  /** Adds up freshly allocated zeros, and keeps the sums so that no compiler drops the reading. */
  private static final class Reader implements ThreadTeam.Task {
    private static final int STEP = 64;

    private final MemorySegment memory;
    private final long[] sums;

    Reader(MemorySegment memory, int threads) {
      this.memory = memory;
      this.sums = new long[threads];
    }

    @Override
    public void run(Worker worker) {
      int steps = (int) (memory.byteSize() / STEP);
      long from = (long) worker.from(steps, 1) * STEP;
      long to = (long) worker.to(steps, 1) * STEP;
      sums[worker.index()] += sum(memory, from, to);
    }

    /** Four streams a worker: processors prefetch several further ahead than one. */
    private static long sum(MemorySegment memory, long from, long to) {
      long quarter = (to - from) / (4 * STEP) * STEP;
      long a = 0;
      long b = 0;
      long c = 0;
      long d = 0;
      for (long at = from; at < from + quarter; at += STEP) {
        a += line(memory, at);
        b += line(memory, at + quarter);
        c += line(memory, at + 2 * quarter);
        d += line(memory, at + 3 * quarter);
      }
      return a + b + c + d;
    }

    private static long line(MemorySegment memory, long at) {
      return memory.get(JAVA_LONG, at)
          + memory.get(JAVA_LONG, at + 8)
          + memory.get(JAVA_LONG, at + 16)
          + memory.get(JAVA_LONG, at + 24)
          + memory.get(JAVA_LONG, at + 32)
          + memory.get(JAVA_LONG, at + 40)
          + memory.get(JAVA_LONG, at + 48)
          + memory.get(JAVA_LONG, at + 56);
    }

    void requireZeros() {
      for (long sum : sums) {
        if (sum != 0) {
          throw new IllegalStateException("read %d from zeroed memory".formatted(sum));
        }
      }
    }
  }
}
