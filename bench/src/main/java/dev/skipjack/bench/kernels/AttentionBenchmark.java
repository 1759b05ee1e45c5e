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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One query head over cached keys and values. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AttentionBenchmark {
  private static final int KV_HEADS = 8;

  @Param({"vector", "scalar"})
  private String provider;

  @Param({"F32", "F16", "Q8_0"})
  private TensorType type;

  @Param({"512", "4096"})
  private int positions;

  @Param({"64", "128"})
  private int headDim;

  private Arena arena;
  private CacheKernels kernels;
  private MemorySegment cache;
  private long rowBytes;
  private float[] query;
  private float[] scores;
  private float[] output;

  @Setup
  public void prepare() {
    RandomTensors random = new RandomTensors();
    kernels = KernelProviders.create(provider).cache(type);
    arena = Arena.ofShared();
    rowBytes = kernels.byteSize(KV_HEADS * headDim);
    cache = random.matrix(arena, type, positions, KV_HEADS * headDim).data();
    query = random.floats(headDim);
    scores = random.floats(positions);
    output = new float[headDim];
  }

  @TearDown
  public void free() {
    arena.close();
  }

  @Benchmark
  public float[] scores() {
    float scale = (float) (1 / Math.sqrt(headDim));
    kernels.scores(query, 0, scale, cache, rowBytes, 0, headDim, 0, positions, scores, 0);
    return scores;
  }

  @Benchmark
  public float[] mix() {
    kernels.mix(scores, 0, cache, rowBytes, 0, headDim, 0, positions, output, 0);
    return output;
  }
}
