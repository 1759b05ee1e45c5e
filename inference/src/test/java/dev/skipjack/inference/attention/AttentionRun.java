package dev.skipjack.inference.attention;

import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.memory.NativeMemory;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.TensorType;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/** Random queries, keys and values of a whole text, and the attention of its batches. */
final class AttentionRun {
  private final TestHeads shape;
  private final int length;
  final float[] queries;
  final float[] keys;
  final float[] values;

  /**
   * @param length positions of the text
   */
  AttentionRun(TestHeads shape, int length) {
    this.shape = shape;
    this.length = length;
    Random random = new Random(length);
    this.queries = gaussians(random, length * shape.heads() * shape.keyLength());
    this.keys = gaussians(random, length * shape.kvHeads() * shape.keyLength());
    this.values = gaussians(random, length * shape.kvHeads() * shape.valueLength());
  }

  private static float[] gaussians(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** What the last {@code count} tokens attend to {@code [count x heads * valueLength]}. */
  float[] attend(KernelProvider kernels, TensorType type, int count, int workers) {
    Activations attended = activations(kernels, type, count, workers, false);
    return Arrays.copyOf(attended.values(), count * shape.heads() * shape.valueLength());
  }

  /** The same with its int8 form, if it is wanted. */
  Activations activations(
      KernelProvider kernels, TensorType type, int count, int workers, boolean quantizes) {
    int position = length - count;
    var attention = new CacheAttention(kernels.floats(), shape.spec(), quantizes);
    var space = new Workspace(shape.decoder(), count, Optional.empty());
    var scratch = new AttentionSpace(shape.decoder(), workers);
    space.position = position;
    space.count = count;
    int queryRow = shape.heads() * shape.keyLength();
    System.arraycopy(queries, position * queryRow, space.query, 0, count * queryRow);
    // What a buffer held before must not show.
    Arrays.fill(space.attended.values(), Float.NaN);
    try (NativeMemory memory = new NativeMemory();
        ThreadTeam team = new ThreadTeam(workers)) {
      KvCache cache = new KvCache(memory, kernels.cache(type), shape.spec(), length);
      cache.reserve(length);
      for (int i = 0; i < length; i++) {
        int keyOffset = i * shape.kvHeads() * shape.keyLength();
        int valueOffset = i * shape.kvHeads() * shape.valueLength();
        cache.store(i, 0, shape.kvHeads(), keys, keyOffset, values, valueOffset);
      }
      team.run(
          worker -> {
            if (worker.isLead()) {
              attention.prepare(worker, space, scratch);
            }
            worker.barrier();
            attention.attend(worker, space, cache, scratch);
          });
    }
    return space.attended;
  }

  /** The same by the definition, in double. */
  double[] expected(int count) {
    double[] out = new double[count * shape.heads() * shape.valueLength()];
    for (int t = 0; t < count; t++) {
      for (int head = 0; head < shape.heads(); head++) {
        attend(length - count + t, head, out, (t * shape.heads() + head) * shape.valueLength());
      }
    }
    return out;
  }

  private void attend(int position, int head, double[] out, int outOffset) {
    int kvHead = head * shape.kvHeads() / shape.heads();
    int first = shape.window() == 0 ? 0 : Math.max(0, position - shape.window() + 1);
    double[] weights = new double[position + 1];
    double total = 0;
    for (int i = first; i <= position; i++) {
      weights[i] = Math.exp(score(position, head, i, kvHead));
      total += weights[i];
    }
    for (int i = first; i <= position; i++) {
      int value = (i * shape.kvHeads() + kvHead) * shape.valueLength();
      for (int c = 0; c < shape.valueLength(); c++) {
        out[outOffset + c] += weights[i] / total * values[value + c];
      }
    }
  }

  private double score(int position, int head, int i, int kvHead) {
    double sum = 0;
    for (int c = 0; c < shape.keyLength(); c++) {
      sum +=
          (double) queries[(position * shape.heads() + head) * shape.keyLength() + c]
              * keys[(i * shape.kvHeads() + kvHead) * shape.keyLength() + c];
    }
    double score = sum / Math.sqrt(shape.keyLength());
    return shape.softcap() == 0 ? score : shape.softcap() * Math.tanh(score / shape.softcap());
  }
}
