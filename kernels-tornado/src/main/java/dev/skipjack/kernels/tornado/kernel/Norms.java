package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * RMS normalisation of vectors of {@code size}, one or several to a token: {@code out = weight x /
 * sqrt(mean(x^2) + epsilon)}. In two tasks: {@link #squares} adds up {@value #PARTS} parts of each
 * vector, {@link #scale} uses their sum. {@link #inGroups} does it in one.
 */
public final class Norms {
  /** Parts of a vector. */
  public static final int PARTS = 32;

  private Norms() {}

  /**
   * Adds up squares.
   *
   * @param x {@code [batch x vectors x size]}
   * @param parts {@code [batch x vectors x PARTS]}
   */
  public static void squares(
      FloatArray x, FloatArray parts, IntArray step, int vectors, int size, int batch) {
    for (@Parallel int i = 0; i < batch * vectors * PARTS; i++) {
      int vector = i / PARTS;
      if (vector < step.get(Step.COUNT) * vectors) {
        float sum = 0;
        for (int c = i - vector * PARTS; c < size; c += PARTS) {
          float value = x.get(vector * size + c);
          sum += value * value;
        }
        parts.set(i, sum);
      }
    }
  }

  /** Normalises; {@code out} may be {@code x}. */
  public static void scale(
      FloatArray x,
      FloatArray parts,
      FloatArray weight,
      FloatArray out,
      IntArray step,
      int vectors,
      int size,
      int batch,
      float epsilon) {
    for (@Parallel int i = 0; i < batch * vectors * size; i++) {
      int vector = i / size;
      if (vector < step.get(Step.COUNT) * vectors) {
        float sum = 0;
        for (int part = 0; part < PARTS; part++) {
          sum += parts.get(vector * PARTS + part);
        }
        float root = TornadoMath.sqrt(sum / size + epsilon);
        out.set(i, weight.get(i - vector * size) * x.get(i) / root);
      }
    }
  }

  /** One work-group for each vector; {@code out} may be {@code x}. */
  public static void inGroups(
      KernelContext context,
      FloatArray x,
      FloatArray weight,
      FloatArray out,
      IntArray step,
      int vectors,
      int size,
      float epsilon) {
    float[] shared = context.allocateFloatLocalArray(Groups.SIZE);
    int vector = context.groupIdx;
    if (vector < step.get(Step.COUNT) * vectors) {
      int lane = context.localIdx;
      float part = 0;
      for (int c = lane; c < size; c += Groups.SIZE) {
        float value = x.get(vector * size + c);
        part += value * value;
      }
      float root = TornadoMath.sqrt(Groups.sum(context, shared, part) / size + epsilon);
      for (int c = lane; c < size; c += Groups.SIZE) {
        out.set(vector * size + c, weight.get(c) * x.get(vector * size + c) / root);
      }
    }
  }
}
