package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.models.spec.AttentionSpec;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Keys {@code [context x keyRow]} and values {@code [context x valueRow]} of a layer, as floats.
 */
record DeviceCache(AttentionSpec spec, int context, FloatArray keys, FloatArray values) {
  static DeviceCache of(AttentionSpec spec, int context) {
    return new DeviceCache(
        spec,
        context,
        new FloatArray(context * spec.kvHeadCount() * spec.keyLength()),
        new FloatArray(context * spec.kvHeadCount() * spec.valueLength()));
  }

  int keyRow() {
    return spec.kvHeadCount() * spec.keyLength();
  }

  int valueRow() {
    return spec.kvHeadCount() * spec.valueLength();
  }
}
