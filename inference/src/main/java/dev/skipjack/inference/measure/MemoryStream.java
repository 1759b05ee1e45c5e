package dev.skipjack.inference.measure;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * 1 GiB of native memory, more than any processor caches, that threads read in order, each its own
 * part: what reading weights is compared with. For one thread at a time.
 */
public final class MemoryStream implements AutoCloseable {
  private static final long BYTES = 1L << 30;
  private static final int WARM_UPS = 2;

  private final Arena arena = Arena.ofShared();
  private final ThreadTeam team;
  private final Reader reader;
  private final List<Double> passes = new ArrayList<>();

  /**
   * Allocates the memory and reads it without counting, for the compilers.
   *
   * @throws OutOfMemoryError if the memory is not to be had
   */
  public MemoryStream(int threads) {
    try {
      reader = new Reader(arena.allocate(BYTES, Reader.STEP), threads);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
    team = new ThreadTeam(threads);
    for (int pass = 0; pass < WARM_UPS; pass++) {
      team.run(reader);
    }
  }

  /** Reads everything once; gigabytes (10^9) per second. */
  private double pass() {
    long start = System.nanoTime();
    team.run(reader);
    double rate = BYTES / (double) (System.nanoTime() - start);
    passes.add(rate);
    return rate;
  }

  /** The best of some passes: interruptions only ever make one slower. */
  public double best(int count) {
    return DoubleStream.generate(this::pass).limit(count).max().orElseThrow();
  }

  /**
   * All passes so far.
   *
   * @throws IllegalStateException if there was none
   */
  public StreamingBandwidth bandwidth() {
    if (passes.isEmpty()) {
      throw new IllegalStateException("passes: found none, expected one at least");
    }
    reader.requireZeros();
    return new StreamingBandwidth(team.size(), BYTES, passes);
  }

  @Override
  public void close() {
    team.close();
    arena.close();
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
