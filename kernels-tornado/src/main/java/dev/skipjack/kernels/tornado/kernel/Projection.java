package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Linear maps of the tokens of a batch: {@code y[t][r] = W[r] . x[t] + bias[r]}, W {@code [rows x
 * cols]}, x {@code [batch x cols]}, y {@code [batch x rows]}. Tokens past the count of the {@link
 * Step} are left alone.
 */
public final class Projection {
  /** Stores the result. */
  public static final int STORE = 0;

  /** Adds the result, times a factor, to what is there. */
  public static final int ADD = 1;

  private Projection() {}

  /**
   * One thread for each row and token.
   *
   * @param bias {@code [rows]}, all zeros for none
   * @param factor multiplies the result
   */
  public static void multiply(
      FloatArray floats,
      ByteArray bytes,
      FloatArray bias,
      FloatArray x,
      FloatArray y,
      IntArray step,
      int format,
      int rows,
      int cols,
      int batch,
      float scale,
      float factor,
      int mode) {
    for (@Parallel int i = 0; i < batch * rows; i++) {
      int token = i / rows;
      if (token < step.get(Step.COUNT)) {
        int row = i - token * rows;
        float sum = Blocks.dot(format, floats, bytes, row, cols, x, token * cols, 0, 1);
        put(y, i, factor * (scale * sum + bias.get(row)), mode);
      }
    }
  }

  /** One work-group for each row and token; for devices that read memory in wide rows. */
  public static void multiplyInGroups(
      KernelContext context,
      FloatArray floats,
      ByteArray bytes,
      FloatArray bias,
      FloatArray x,
      FloatArray y,
      IntArray step,
      int format,
      int rows,
      int cols,
      float scale,
      float factor,
      int mode) {
    float[] shared = context.allocateFloatLocalArray(Groups.SIZE);
    int i = context.groupIdx;
    int token = i / rows;
    if (token < step.get(Step.COUNT)) {
      int row = i - token * rows;
      int lane = context.localIdx;
      float part = Blocks.dot(format, floats, bytes, row, cols, x, token * cols, lane, Groups.SIZE);
      float sum = Groups.sum(context, shared, part);
      if (lane == 0) {
        put(y, i, factor * (scale * sum + bias.get(row)), mode);
      }
    }
  }

  static void put(FloatArray y, int i, float value, int mode) {
    if (mode == ADD) {
      y.set(i, y.get(i) + value);
    } else {
      y.set(i, value);
    }
  }
}
