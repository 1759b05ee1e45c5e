package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Optional;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A linear map {@code y = scale W x + bias} in device form.
 *
 * @param bias {@code [outputs]}, zeros for none
 */
record DeviceLinear(DeviceMatrix matrix, FloatArray bias, float scale) {
  static DeviceLinear of(LinearSpec spec, WeightSource source) {
    return of(spec.weight(), spec.bias(), spec.scale(), spec.outputs(), source);
  }

  static DeviceLinear of(DownSpec spec, WeightSource source) {
    int outputs = spec.neuronMajor() ? spec.weight().cols() : spec.weight().rows();
    return of(spec.weight(), spec.bias(), spec.scale(), outputs, source);
  }

  private static DeviceLinear of(
      Tensor weight, Optional<Tensor> bias, float scale, int outputs, WeightSource source) {
    return new DeviceLinear(
        DeviceMatrix.of(weight, source),
        bias.map(DeviceMatrix::floats).orElseGet(() -> new FloatArray(outputs)),
        scale);
  }
}
