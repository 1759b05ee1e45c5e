package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.HalfProjection;
import dev.skipjack.kernels.tornado.kernel.Projection;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A linear map of the tokens of a batch, {@code y (+)= factor (scale W x + bias)}, to become a
 * kernel call.
 */
record ProjectionCall(
    String id,
    DeviceLinear linear,
    FloatArray x,
    FloatArray y,
    IntArray step,
    int batch,
    float factor,
    int mode) {
  KernelCall inLoops() {
    return KernelCall.loop(linear.halves().map(this::halvesInLoops).orElseGet(this::loops));
  }

  KernelCall inGroups() {
    return KernelCall.groups(
        linear.halves().map(this::halvesInGroups).orElseGet(this::groups),
        batch * linear.matrix().rows());
  }

  private TaskPackage loops() {
    DeviceMatrix w = linear.matrix();
    return new TaskPackage(
        id,
        Projection::multiply,
        w.floats(),
        w.bytes(),
        linear.bias(),
        x,
        y,
        step,
        w.format(),
        w.rows(),
        w.cols(),
        batch,
        linear.scale(),
        factor,
        mode);
  }

  private TaskPackage groups() {
    DeviceMatrix w = linear.matrix();
    return new TaskPackage(
        id,
        Projection::multiplyInGroups,
        new KernelContext(),
        w.floats(),
        w.bytes(),
        linear.bias(),
        x,
        y,
        step,
        w.format(),
        w.rows(),
        w.cols(),
        linear.scale(),
        factor,
        mode);
  }

  private TaskPackage halvesInLoops(HalfFloatArray weights) {
    return new TaskPackage(
        id,
        HalfProjection::multiply,
        weights,
        linear.bias(),
        x,
        y,
        step,
        linear.matrix().rows(),
        linear.matrix().cols(),
        batch,
        linear.scale(),
        factor,
        mode);
  }

  private TaskPackage halvesInGroups(HalfFloatArray weights) {
    return new TaskPackage(
        id,
        HalfProjection::multiplyInGroups,
        new KernelContext(),
        weights,
        linear.bias(),
        x,
        y,
        step,
        linear.matrix().rows(),
        linear.matrix().cols(),
        linear.scale(),
        factor,
        mode);
  }
}
