package dev.skipjack.inference.calibration;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a calibration did.
 *
 * @param target what it aimed at
 * @param table what was reached, layer by layer
 * @param added tensors that the source does not have
 */
public record SparsifySummary(double target, LayerTable table, List<AddedTensor> added) {
  /** How many tensors of each type were added, by the name of the type. */
  public Map<String, Integer> types() {
    Map<String, Integer> types = new TreeMap<>();
    added.forEach(tensor -> types.merge("" + tensor.type(), 1, Integer::sum));
    return types;
  }

  /** Bytes of the added tensors. */
  public long addedBytes() {
    return added.stream().mapToLong(AddedTensor::byteSize).sum();
  }
}
