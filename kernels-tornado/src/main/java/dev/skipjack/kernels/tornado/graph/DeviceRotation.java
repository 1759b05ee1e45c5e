package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.models.spec.RopeSpec;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Cosines and sines of one rotary embedding for the tokens of a batch. Computed by the host: in
 * float, a device would lose the angle of late positions.
 *
 * @param angles {@code [batch x pairs x 2]}
 */
record DeviceRotation(RopeSpec spec, FloatArray angles) {
  static DeviceRotation of(RopeSpec spec, int batch) {
    return new DeviceRotation(spec, new FloatArray(batch * spec.dimensions()));
  }

  int pairs() {
    return spec.dimensions() / 2;
  }

  boolean halves() {
    return spec.layout() == RopeSpec.Layout.NEOX;
  }

  /** Fills in the angles of {@code count} tokens from {@code position} on. */
  void prepare(int count, int position) {
    float[] frequencies = spec.inverseFrequencies();
    for (int t = 0; t < count; t++) {
      for (int i = 0; i < pairs(); i++) {
        double angle = (double) (position + t) * frequencies[i];
        int at = (t * pairs() + i) * 2;
        angles.set(at, (float) Math.cos(angle) * spec.magnitude());
        angles.set(at + 1, (float) Math.sin(angle) * spec.magnitude());
      }
    }
  }
}
