package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Blocks;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Optional;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;

/**
 * A linear map {@code y = scale W x + bias} in device form.
 *
 * @param halves the weights as half floats, if they are to be read so instead of {@code matrix}
 * @param bias {@code [outputs]}, zeros for none
 */
record DeviceLinear(
    DeviceMatrix matrix, Optional<HalfFloatArray> halves, FloatArray bias, float scale) {
  DeviceLinear(DeviceMatrix matrix, FloatArray bias, float scale) {
    this(matrix, Optional.empty(), bias, scale);
  }

  static DeviceLinear of(LinearSpec spec, WeightSource source) {
    boolean halves = source.halves() && spec.weight().type() == TensorType.F16;
    FloatArray bias = bias(spec.bias(), spec.outputs());
    return halves
        ? ofHalves(spec.weight(), bias, spec.scale())
        : new DeviceLinear(DeviceMatrix.of(spec.weight(), source), bias, spec.scale());
  }

  /** Neuron-major ones are read by kernels that know no half floats. */
  static DeviceLinear of(DownSpec spec, WeightSource source) {
    return spec.neuronMajor()
        ? new DeviceLinear(
            DeviceMatrix.of(spec.weight(), source),
            bias(spec.bias(), spec.weight().cols()),
            spec.scale())
        : of(new LinearSpec(spec.weight(), spec.bias(), spec.scale()), source);
  }

  /** Of an F16 tensor. */
  static DeviceLinear ofHalves(Tensor weight, FloatArray bias, float scale) {
    var shape =
        new DeviceMatrix(
            Blocks.F16, weight.rows(), weight.cols(), new FloatArray(1), new ByteArray(1));
    var halves = HalfFloatArray.fromSegment(weight.data());
    return new DeviceLinear(shape, Optional.of(halves), bias, scale);
  }

  private static FloatArray bias(Optional<Tensor> bias, int outputs) {
    return bias.map(DeviceMatrix::floats).orElseGet(() -> new FloatArray(outputs));
  }
}
