package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The residual stream and the logits it ends in. */
public final class Streams {
  /** Parts in which the largest logit is sought. */
  public static final int PARTS = 256;

  private Streams() {}

  /** {@code y = x}, both {@code [batch x size]}. */
  public static void copy(FloatArray x, FloatArray y, IntArray step, int size, int batch) {
    for (@Parallel int i = 0; i < batch * size; i++) {
      if (i / size < step.get(Step.COUNT)) {
        y.set(i, x.get(i));
      }
    }
  }

  /** {@code y = x[last]}: the last token of the batch {@code [batch x size]}. */
  public static void last(FloatArray x, FloatArray y, IntArray step, int size) {
    for (@Parallel int i = 0; i < size; i++) {
      y.set(i, x.get((step.get(Step.COUNT) - 1) * size + i));
    }
  }

  /** {@code y += factor x}, both {@code [batch x size]}. */
  public static void add(
      FloatArray x, FloatArray y, IntArray step, int size, int batch, float factor) {
    for (@Parallel int i = 0; i < batch * size; i++) {
      if (i / size < step.get(Step.COUNT)) {
        y.set(i, y.get(i) + factor * x.get(i));
      }
    }
  }

  /** {@code x = cap tanh(x / cap)}, {@code [batch x size]}. */
  public static void cap(FloatArray x, IntArray step, int size, int batch, float cap) {
    for (@Parallel int i = 0; i < batch * size; i++) {
      if (i / size < step.get(Step.COUNT)) {
        x.set(i, cap * TornadoMath.tanh(x.get(i) / cap));
      }
    }
  }

  /**
   * The largest of each part of the choices, which are the first values of {@code x}; NaN never
   * wins against a number.
   *
   * @param peaks {@code [PARTS]}
   * @param places {@code [PARTS]}: the first place of the largest, or -1 in a part without numbers
   */
  public static void peaks(FloatArray x, FloatArray peaks, IntArray places, IntArray step) {
    for (@Parallel int part = 0; part < PARTS; part++) {
      int size = step.get(Step.CHOICES);
      int length = (size + PARTS - 1) / PARTS;
      int end = Math.min(size, (part + 1) * length);
      float peak = 0;
      int place = -1;
      for (int i = part * length; i < end; i++) {
        float value = x.get(i);
        if (value > peak || (place < 0 && value == value)) {
          peak = value;
          place = i;
        }
      }
      peaks.set(part, peak);
      places.set(part, place);
    }
  }

  /**
   * The first place of the largest of all; 0 if nothing is a number.
   *
   * @param result {@code [1]}
   */
  public static void argmax(FloatArray peaks, IntArray places, IntArray result) {
    for (@Parallel int i = 0; i < 1; i++) {
      int best = 0;
      float peak = 0;
      int found = 0;
      for (int part = 0; part < PARTS; part++) {
        int place = places.get(part);
        if (place >= 0 && (found == 0 || peaks.get(part) > peak)) {
          best = place;
          peak = peaks.get(part);
          found = 1;
        }
      }
      result.set(i, best);
    }
  }
}
