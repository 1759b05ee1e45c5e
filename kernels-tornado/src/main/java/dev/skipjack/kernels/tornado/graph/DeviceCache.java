package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.models.spec.AttentionSpec;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Keys {@code [slots x context x keyRow]} and values {@code [slots x context x valueRow]} of a
 * layer, as floats; every conversation has a slot.
 */
record DeviceCache(AttentionSpec spec, int context, FloatArray keys, FloatArray values) {
  static DeviceCache of(AttentionSpec spec, int slots, int context) {
    int rows = Math.multiplyExact(slots, context);
    return new DeviceCache(
        spec,
        context,
        new FloatArray(Math.multiplyExact(rows, spec.kvHeadCount() * spec.keyLength())),
        new FloatArray(Math.multiplyExact(rows, spec.kvHeadCount() * spec.valueLength())));
  }

  int keyRow() {
    return spec.kvHeadCount() * spec.keyLength();
  }

  int valueRow() {
    return spec.kvHeadCount() * spec.valueLength();
  }
}
