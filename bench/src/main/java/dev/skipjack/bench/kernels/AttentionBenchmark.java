package dev.skipjack.bench.kernels;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The steps of attention for one key/value head over a cache, tile by tile, on one thread: rows are
 * the query heads of a group, times tokens. Four rows are a token of Llama 3.2 1B, 64 a block of a
 * prompt. Microseconds for all positions.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AttentionBenchmark {
  private static final int TILE = CacheKernels.TILE;

  @Param({"vector", "scalar"})
  private String provider;

  @Param({"F32", "F16", "Q8_0"})
  private TensorType type;

  @Param({"4", "64"})
  private int rows;

  @Param("2048")
  private int positions;

  @Param({"64", "128"})
  private int headDim;

  private Arena arena;
  private CacheKernels cache;
  private FloatKernels floats;
  private MemorySegment keys;
  private MemorySegment values;
  private float[] queries;
  private float[] tile;
  private float[] scores;
  private float[] sums;

  @Setup
  public void prepare() {
    RandomTensors random = new RandomTensors();
    KernelProvider kernels = KernelProviders.create(provider);
    cache = kernels.cache(type);
    floats = kernels.floats();
    arena = Arena.ofShared();
    long bytes = positions / TILE * cache.tileBytes(headDim);
    keys = arena.allocate(bytes, 64);
    values = arena.allocate(bytes, 64);
    for (int i = 0; i < positions; i++) {
      long offset = i / TILE * cache.tileBytes(headDim);
      cache.storeKey(random.floats(headDim), 0, headDim, keys, offset, i % TILE);
      cache.storeValue(random.floats(headDim), 0, headDim, values, offset, i % TILE);
    }
    queries = random.floats(rows * headDim);
    tile = random.floats(TILE * headDim);
    scores = new float[rows * TILE];
    sums = new float[rows * headDim];
  }

  @TearDown
  public void free() {
    arena.close();
  }

  /** Keys to floats. */
  @Benchmark
  public float[] loadKeys() {
    for (int i = 0; i < positions; i += TILE) {
      cache.loadKeys(keys, i / TILE * cache.tileBytes(headDim), headDim, tile);
    }
    return tile;
  }

  /** Values to floats. */
  @Benchmark
  public float[] loadValues() {
    for (int i = 0; i < positions; i += TILE) {
      cache.loadValues(values, i / TILE * cache.tileBytes(headDim), headDim, TILE, tile);
    }
    return tile;
  }

  /** Products with loaded keys. */
  @Benchmark
  public float[] scores() {
    for (int i = 0; i < positions; i += TILE) {
      Arrays.fill(scores, 0);
      floats.addProduct(queries, 0, headDim, tile, 0, scores, 0, rows, headDim, TILE);
    }
    return scores;
  }

  /** Keys to scores as attention does it: straight from the cache where that is faster. */
  @Benchmark
  public float[] keysToScores() {
    if (rows > cache.directRows(headDim)) {
      for (int i = 0; i < positions; i += TILE) {
        cache.loadKeys(keys, i / TILE * cache.tileBytes(headDim), headDim, tile);
        Arrays.fill(scores, 0);
        floats.addProduct(queries, 0, headDim, tile, 0, scores, 0, rows, headDim, TILE);
      }
      return scores;
    }
    for (int i = 0; i < positions; i += TILE) {
      long offset = i / TILE * cache.tileBytes(headDim);
      cache.score(keys, offset, headDim, TILE, queries, rows, scores, tile);
    }
    return scores;
  }

  /** Values to sums in the same way. */
  @Benchmark
  public float[] valuesToSums() {
    if (rows > cache.directRows(headDim)) {
      for (int i = 0; i < positions; i += TILE) {
        cache.loadValues(values, i / TILE * cache.tileBytes(headDim), headDim, TILE, tile);
        floats.addProduct(scores, 0, TILE, tile, 0, sums, 0, rows, TILE, headDim);
      }
      return sums;
    }
    for (int i = 0; i < positions; i += TILE) {
      long offset = i / TILE * cache.tileBytes(headDim);
      cache.mix(values, offset, headDim, 0, TILE, scores, 0, rows, sums, tile);
    }
    return sums;
  }

  /** Exponentials of scores. */
  @Benchmark
  public float weights() {
    float sum = 0;
    for (int i = 0; i < positions; i += TILE) {
      for (int row = 0; row < rows; row++) {
        float max = floats.max(scores, row * TILE, TILE);
        sum += floats.exponentials(max, scores, row * TILE, TILE);
      }
    }
    return sum;
  }

  /** Products with loaded values. */
  @Benchmark
  public float[] mix() {
    for (int i = 0; i < positions; i += TILE) {
      floats.addProduct(scores, 0, TILE, tile, 0, sums, 0, rows, TILE, headDim);
    }
    return sums;
  }
}
