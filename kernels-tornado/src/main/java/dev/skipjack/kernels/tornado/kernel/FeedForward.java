package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Neurons of a feed-forward network, gate and up and activation in one: {@code a[t][i]}, x {@code
 * [batch x cols]}. A neuron whose gate comes out as zero (up to the threshold) is zero, and its up
 * row is not read.
 *
 * <p>Weights formats are packed as {@code gate + 16 up}, kinds as {@code activation + 16 form}, to
 * stay within the 15 parameters of a task.
 */
public final class FeedForward {
  /** {@code a = act(u)}. */
  public static final int UNGATED = 0;

  /** {@code a = act(g) u}. */
  public static final int GATED = 1;

  /** {@code a = act(g) act(u)}. */
  public static final int SYMMETRIC = 2;

  private static final int PACK = 16;

  private FeedForward() {}

  /** Two small numbers in one parameter. */
  public static int pack(int low, int high) {
    return low + PACK * high;
  }

  /**
   * Every neuron, one thread for each and token.
   *
   * @param neurons {@code [batch x rows]}
   * @param parameters see {@link Activations}
   */
  public static void activate(
      FloatArray gateFloats,
      ByteArray gateBytes,
      FloatArray upFloats,
      ByteArray upBytes,
      FloatArray x,
      FloatArray neurons,
      FloatArray parameters,
      IntArray step,
      int formats,
      int kinds,
      int rows,
      int cols,
      int batch) {
    for (@Parallel int i = 0; i < batch * rows; i++) {
      int token = i / rows;
      if (token < step.get(Step.COUNT)) {
        int row = i - token * rows;
        neurons.set(
            i,
            neuron(
                gateFloats,
                gateBytes,
                upFloats,
                upBytes,
                x,
                parameters,
                formats,
                kinds,
                row,
                cols,
                token));
      }
    }
  }

  /**
   * Listed neurons only, one thread for each place of the list and token.
   *
   * @param indices {@code [batch x rows]}: the neurons of each token, from the front
   * @param totals {@code [batch]}: how many
   * @param neurons {@code [batch x rows]}: their activations, by place
   */
  public static void activateListed(
      FloatArray gateFloats,
      ByteArray gateBytes,
      FloatArray upFloats,
      ByteArray upBytes,
      FloatArray x,
      IntArray indices,
      IntArray totals,
      FloatArray neurons,
      FloatArray parameters,
      IntArray step,
      int formats,
      int kinds,
      int rows,
      int cols,
      int batch) {
    for (@Parallel int i = 0; i < batch * rows; i++) {
      int token = i / rows;
      if (token < step.get(Step.COUNT)) {
        if (i - token * rows < totals.get(token)) {
          neurons.set(
              i,
              neuron(
                  gateFloats,
                  gateBytes,
                  upFloats,
                  upBytes,
                  x,
                  parameters,
                  formats,
                  kinds,
                  indices.get(i),
                  cols,
                  token));
        }
      }
    }
  }

  /** Every neuron, one work-group for each and token. */
  public static void activateInGroups(
      KernelContext context,
      FloatArray gateFloats,
      ByteArray gateBytes,
      FloatArray upFloats,
      ByteArray upBytes,
      FloatArray x,
      FloatArray neurons,
      FloatArray parameters,
      IntArray step,
      int formats,
      int kinds,
      int rows,
      int cols) {
    float[] shared = context.allocateFloatLocalArray(Groups.SIZE);
    int i = context.groupIdx;
    int token = i / rows;
    if (token < step.get(Step.COUNT)) {
      int row = i - token * rows;
      int lane = context.localIdx;
      int form = kinds / PACK;
      int activation = kinds % PACK;
      float value = 1;
      if (form != UNGATED) {
        float gate =
            Blocks.dot(
                formats % PACK,
                gateFloats,
                gateBytes,
                row,
                cols,
                x,
                token * cols,
                lane,
                Groups.SIZE);
        value = activated(activation, Groups.sum(context, shared, gate), parameters);
      }
      if (value != 0) {
        float up =
            Blocks.dot(
                formats / PACK, upFloats, upBytes, row, cols, x, token * cols, lane, Groups.SIZE);
        value *= formed(form, activation, Groups.sum(context, shared, up), parameters);
      }
      if (lane == 0) {
        neurons.set(i, value);
      }
    }
  }

  private static float neuron(
      FloatArray gateFloats,
      ByteArray gateBytes,
      FloatArray upFloats,
      ByteArray upBytes,
      FloatArray x,
      FloatArray parameters,
      int formats,
      int kinds,
      int row,
      int cols,
      int token) {
    int form = kinds / PACK;
    int activation = kinds % PACK;
    float value = 1;
    if (form != UNGATED) {
      float gate =
          Blocks.dot(formats % PACK, gateFloats, gateBytes, row, cols, x, token * cols, 0, 1);
      value = activated(activation, gate, parameters);
    }
    if (value != 0) {
      float up = Blocks.dot(formats / PACK, upFloats, upBytes, row, cols, x, token * cols, 0, 1);
      value *= formed(form, activation, up, parameters);
    }
    return value;
  }

  /** What the up projection contributes. */
  private static float formed(int form, int activation, float up, FloatArray parameters) {
    if (form == GATED) {
      return up;
    }
    if (form == SYMMETRIC) {
      return Activations.at(activation, up, parameters);
    }
    return activated(activation, up, parameters);
  }

  /** The activation, or zero if it is small; NaN stays. */
  private static float activated(int activation, float x, FloatArray parameters) {
    float value = Activations.at(activation, x, parameters);
    return TornadoMath.abs(value) <= parameters.get(Activations.THRESHOLD) ? 0 : value;
  }
}
