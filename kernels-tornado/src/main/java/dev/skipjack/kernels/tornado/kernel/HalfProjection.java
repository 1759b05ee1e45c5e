package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The linear maps of {@link Projection} over half floats that the device converts itself; sums are
 * floats. Only for devices that have half floats.
 */
public final class HalfProjection {
  private HalfProjection() {}

  /** One thread for each row and token. */
  public static void multiply(
      HalfFloatArray weights,
      FloatArray bias,
      FloatArray x,
      FloatArray y,
      IntArray step,
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
        float sum = 0;
        for (int c = 0; c < cols; c++) {
          sum += weights.get(row * cols + c).getFloat32() * x.get(token * cols + c);
        }
        Projection.put(y, i, factor * (scale * sum + bias.get(row)), mode);
      }
    }
  }

  /** One work-group for each row and token. */
  public static void multiplyInGroups(
      KernelContext context,
      HalfFloatArray weights,
      FloatArray bias,
      FloatArray x,
      FloatArray y,
      IntArray step,
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
      float part = 0;
      for (int c = lane; c < cols; c += Groups.SIZE) {
        part += weights.get(row * cols + c).getFloat32() * x.get(token * cols + c);
      }
      float sum = Groups.sum(context, shared, part);
      if (lane == 0) {
        Projection.put(y, i, factor * (scale * sum + bias.get(row)), mode);
      }
    }
  }
}
