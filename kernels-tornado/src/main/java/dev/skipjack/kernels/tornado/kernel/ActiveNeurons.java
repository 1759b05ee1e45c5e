package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Lists of active neurons, ascending, and the down projection that reads their rows alone. A list
 * is made in two tasks: {@link #count} counts each of {@value #PARTS} parts of a token's neurons,
 * {@link #list} then knows where each part begins.
 */
public final class ActiveNeurons {
  /** Parts of a token's neurons. */
  public static final int PARTS = 64;

  /** Active is what is not zero. */
  public static final int NONZERO = 0;

  /** Active is what is not below the threshold: a predictor's raw logits. */
  public static final int NOT_BELOW = 1;

  /** Activations stand at their neurons. */
  public static final int BY_NEURON = 0;

  /** Activations stand at their neurons' places in the list. */
  public static final int BY_PLACE = 1;

  private ActiveNeurons() {}

  /**
   * Counts active neurons.
   *
   * @param values {@code [batch x length]}
   * @param counts {@code [batch x PARTS]}
   */
  public static void count(
      FloatArray values,
      IntArray counts,
      IntArray step,
      int length,
      int batch,
      int rule,
      float threshold) {
    for (@Parallel int i = 0; i < batch * PARTS; i++) {
      int token = i / PARTS;
      if (token < step.get(Step.COUNT)) {
        int part = i - token * PARTS;
        int size = (length + PARTS - 1) / PARTS;
        int end = Math.min(length, (part + 1) * size);
        int found = 0;
        for (int neuron = part * size; neuron < end; neuron++) {
          if (active(values.get(token * length + neuron), rule, threshold)) {
            found++;
          }
        }
        counts.set(i, found);
      }
    }
  }

  /**
   * Lists active neurons.
   *
   * @param indices {@code [batch x length]}
   * @param totals {@code [batch]}
   */
  public static void list(
      FloatArray values,
      IntArray counts,
      IntArray indices,
      IntArray totals,
      IntArray step,
      int length,
      int batch,
      int rule,
      float threshold) {
    for (@Parallel int i = 0; i < batch * PARTS; i++) {
      int token = i / PARTS;
      if (token < step.get(Step.COUNT)) {
        int part = i - token * PARTS;
        int size = (length + PARTS - 1) / PARTS;
        int end = Math.min(length, (part + 1) * size);
        int place = 0;
        for (int before = 0; before < part; before++) {
          place += counts.get(token * PARTS + before);
        }
        for (int neuron = part * size; neuron < end; neuron++) {
          if (active(values.get(token * length + neuron), rule, threshold)) {
            indices.set(token * length + place, neuron);
            place++;
          }
        }
        if (part == PARTS - 1) {
          totals.set(token, place);
        }
      }
    }
  }

  /**
   * The neuron-major down projection: {@code y[t][c] = bias[c] + scale sum_i a[t][i] W[i][c]} over
   * listed neurons, one thread for each column and token.
   *
   * @param y {@code [batch x cols]}
   */
  public static void down(
      FloatArray floats,
      ByteArray bytes,
      FloatArray bias,
      FloatArray neurons,
      IntArray indices,
      IntArray totals,
      FloatArray y,
      IntArray step,
      int format,
      int length,
      int cols,
      int batch,
      float scale,
      float factor,
      int modes) {
    for (@Parallel int i = 0; i < batch * cols; i++) {
      int token = i / cols;
      if (token < step.get(Step.COUNT)) {
        int col = i - token * cols;
        float sum = 0;
        int total = totals.get(token);
        for (int place = 0; place < total; place++) {
          int neuron = indices.get(token * length + place);
          int from = modes / 2 == BY_PLACE ? place : neuron;
          sum +=
              neurons.get(token * length + from)
                  * Blocks.weight(format, floats, bytes, neuron, cols, col);
        }
        float value = factor * (scale * sum + bias.get(col));
        y.set(i, modes % 2 == Projection.ADD ? y.get(i) + value : value);
      }
    }
  }

  /** The last parameter of {@link #down}: how to store, and where activations stand. */
  public static int modes(int store, int order) {
    return store + 2 * order;
  }

  /** Written so that NaN is computed, and seen, rather than skipped. */
  private static boolean active(float value, int rule, float threshold) {
    return rule == NONZERO ? value != 0 : !(value < threshold);
  }
}
