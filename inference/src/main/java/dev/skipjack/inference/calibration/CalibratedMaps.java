package dev.skipjack.inference.calibration;

import dev.skipjack.inference.input.Factors;
import dev.skipjack.inference.input.InputKeys;
import dev.skipjack.inference.input.InputRule;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.models.spec.SparseKeys;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a file says about input sparsity.
 *
 * @param method the name of the runtime mode
 * @param maps layer by layer
 */
record CalibratedMaps(String method, List<CalibratedMap> maps) {
  /**
   * One map's part.
   *
   * @param rule with that threshold
   * @param factors for the inputs it drops
   */
  record CalibratedMap(
      LayerWeight weight, float threshold, InputRule rule, Optional<Factors> factors) {
    /** Keeps {@code |x_j| > threshold}. */
    static CalibratedMap above(LayerWeight weight, float threshold) {
      return new CalibratedMap(weight, threshold, InputRule.above(threshold), Optional.empty());
    }
  }

  CalibratedMaps {
    maps = List.copyOf(maps);
  }

  /** The largest rank of any factors; 0 where there are none. */
  int rank() {
    return maps.stream()
        .flatMap(map -> map.factors().stream())
        .mapToInt(factors -> factors.v().rows())
        .max()
        .orElse(0);
  }

  /** What the low-rank parts of a layer cost, as a fraction of its weights. */
  double lowRankShare(int layer) {
    double cost = 0;
    double weights = 0;
    for (CalibratedMap map : maps) {
      LayerWeight weight = map.weight();
      if (weight.layer() == layer) {
        int rank = map.factors().map(factors -> factors.v().rows()).orElse(0);
        cost += (double) rank * (weight.inputs() + weight.outputs());
        weights += (double) weight.inputs() * weight.outputs();
      }
    }
    return cost / weights;
  }

  /** The keys that the runtime reads. */
  Map<String, GgufValue> metadata() {
    Map<LinearRole, List<CalibratedMap>> byRole = new EnumMap<>(LinearRole.class);
    for (LinearRole role : LinearRole.values()) {
      List<CalibratedMap> ofRole =
          maps.stream().filter(map -> map.weight().role() == role).toList();
      if (!ofRole.isEmpty()) {
        byRole.put(role, ofRole);
      }
    }
    Map<String, GgufValue> values = new LinkedHashMap<>();
    values.put(SparseKeys.KIND, GgufValue.string(method));
    byRole.forEach(
        (role, ofRole) ->
            values.put(
                InputKeys.threshold(role),
                GgufValue.numbers(
                    GgufType.F32,
                    ofRole.stream().mapToDouble(CalibratedMap::threshold).toArray())));
    return values;
  }
}
