package dev.skipjack.bench.roofline;

import dev.skipjack.bench.roofline.Roofline.Ceiling;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.PackingProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the arithmetic of Skipjack's own kernels reaches on this machine: small matrices, which stay
 * in the caches of every thread, multiplied over and over.
 */
public final class Ceilings {
  private static final int ROWS = 256;
  private static final int COLS = 512;

  /** So many that decoding weights takes little of the time. */
  private static final int PROMPT = 480;

  /** The compilers take seconds for a kernel. */
  private static final long WARM_UP = 8_000_000_000L;

  private static final int SAMPLES = 20;
  private static final long SAMPLE = 50_000_000L;

  private Ceilings() {}

  /** Floats and 16-bit integers as in prompts, and integers as in generation from Q8_0. */
  public static List<Ceiling> measure(int threads) {
    KernelProvider kernels = KernelProviders.get();
    List<Ceiling> ceilings = new ArrayList<>();
    try (ThreadTeam team = new ThreadTeam(threads);
        PackingProvider packing = new PackingProvider(kernels, team);
        Arena arena = Arena.ofShared()) {
      Matrix floats = kernels.matrix(matrix(arena, TensorType.F32));
      ceilings.add(new Ceiling("float", rate(team, kernels, floats, PROMPT)));
      Matrix nibbles = packing.dense(matrix(arena, TensorType.Q4_0));
      ceilings.add(new Ceiling("4-bit weights", rate(team, kernels, nibbles, PROMPT)));
      Matrix bytes = packing.dense(matrix(arena, TensorType.Q8_0));
      ceilings.add(new Ceiling("8-bit weights, one token", rate(team, kernels, bytes, 1)));
    }
    return ceilings;
  }

  private static Tensor matrix(Arena arena, TensorType type) {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[ROWS * COLS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    var data = arena.allocate(type.byteSize(values.length), 64);
    type.codec().encode(values, 0, values.length, data, 0);
    return new Tensor("ceiling", type, new long[] {ROWS, COLS}, data);
  }

  /** The best of several samples: interruptions only ever make one slower. */
  private static double rate(ThreadTeam team, KernelProvider kernels, Matrix matrix, int tokens) {
    double[] best = new double[team.size()];
    team.run(
        worker -> {
          Activations x = new Activations(tokens, COLS);
          x.values()[1] = 1;
          kernels.floats().quantize(x, 0, tokens);
          float[] y = new float[tokens * ROWS];
          sample(matrix, x, tokens, y, WARM_UP);
          worker.barrier();
          for (int i = 0; i < SAMPLES; i++) {
            double rate = sample(matrix, x, tokens, y, SAMPLE);
            best[worker.index()] = Math.max(best[worker.index()], rate);
          }
        });
    double sum = 0;
    for (double rate : best) {
      sum += rate;
    }
    return sum;
  }

  /** Multiply-adds per second of one thread. */
  private static double sample(Matrix matrix, Activations x, int tokens, float[] y, long nanos) {
    long start = System.nanoTime();
    long calls = 0;
    long now;
    do {
      matrix.multiply(x, tokens, 0, ROWS, y, 0, ROWS);
      calls++;
      now = System.nanoTime();
    } while (now - start < nanos);
    return calls * (double) tokens * ROWS * COLS / ((now - start) / 1e9);
  }
}
