package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;

/** Sums over a work-group. */
public final class Groups {
  /** Threads of a work-group: two wavefronts of the narrowest GPUs, one of the widest. */
  public static final int SIZE = 64;

  private Groups() {}

  /** The sum of every thread's value, in all threads; all of them must come here. */
  static float sum(KernelContext context, float[] shared, float value) {
    int lane = context.localIdx;
    shared[lane] = value;
    for (int stride = SIZE / 2; stride > 0; stride >>= 1) {
      context.localBarrier();
      if (lane < stride) {
        shared[lane] += shared[lane + stride];
      }
    }
    context.localBarrier();
    float total = shared[0];
    // Read by all before the next sum overwrites it.
    context.localBarrier();
    return total;
  }
}
