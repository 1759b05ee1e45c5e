package dev.skipjack.inference.calibration;

import dev.skipjack.loader.gguf.GgufValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a method found.
 *
 * @param keys metadata to set, in order
 * @param tensors to add, or to put in place of those of the same name
 * @param table what was reached, layer by layer
 */
public record CalibrationResult(
    Map<String, GgufValue> keys, List<AddedTensor> tensors, LayerTable table) {
  public CalibrationResult {
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    tensors = List.copyOf(tensors);
  }
}
