package dev.skipjack.bench.kernels;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time of one tile of keys and values that is in no cache of the processor, multiplied straight
 * from memory for the four query heads that share it, with and without reading it ahead.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ReadAheadBenchmark {
  private static final int TILE = CacheKernels.TILE;
  private static final int ROWS = 4;
  private static final int TILES = 2048;

  @Param({"false", "true"})
  private boolean ahead;

  @Param({"64", "128"})
  private int headDim;

  private final CacheKernels cache = KernelProviders.create("vector").cache(TensorType.F16);
  private Arena arena;
  private MemorySegment keys;
  private MemorySegment values;
  private float[] queries;
  private float[] scores;
  private float[] sums;
  private float[] scratch;
  private int touched;

  @Setup
  public void prepare() {
    RandomTensors random = new RandomTensors();
    arena = Arena.ofShared();
    long bytes = cache.tileBytes(headDim);
    keys = arena.allocate(TILES * bytes, 64);
    values = arena.allocate(TILES * bytes, 64);
    float[] position = random.floats(headDim);
    for (int i = 0; i < TILES * TILE; i++) {
      long offset = i / TILE * bytes;
      cache.storeKey(position, 0, headDim, keys, offset, i % TILE);
      cache.storeValue(position, 0, headDim, values, offset, i % TILE);
    }
    queries = random.floats(ROWS * headDim);
    scores = new float[ROWS * TILE];
    sums = new float[ROWS * headDim];
    scratch = new float[TILE * headDim];
  }

  @TearDown
  public void free() {
    arena.close();
  }

  @Benchmark
  @OperationsPerInvocation(TILES)
  public float[] scoresAndSums() {
    for (int tile = 0; tile < TILES; tile++) {
      long offset = tile * cache.tileBytes(headDim);
      if (ahead) {
        touched |= cache.touch(keys, offset, headDim, values, offset, headDim);
      }
      cache.score(keys, offset, headDim, TILE, queries, ROWS, scores, scratch);
      cache.mix(values, offset, headDim, 0, TILE, scores, 0, ROWS, sums, scratch);
    }
    return sums;
  }
}
