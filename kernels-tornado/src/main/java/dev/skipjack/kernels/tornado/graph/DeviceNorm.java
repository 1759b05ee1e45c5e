package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.models.spec.NormSpec;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** An RMS norm in device form; weight {@code [size]}. */
record DeviceNorm(FloatArray weight, float epsilon) {
  static DeviceNorm of(NormSpec spec) {
    return new DeviceNorm(DeviceMatrix.floats(spec.weight()), spec.epsilon());
  }
}
