package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.LinearRole;
import java.util.HashMap;
import java.util.Map;

/**
 * The threshold rules of a model, one for all maps that read the same vector and keep the same
 * inputs of it. Used while a model is loaded, by one thread.
 */
final class SharedRules {
  private record Key(int layer, LinearRole.Input input, float threshold) {}

  private final Map<Key, InputRule> rules = new HashMap<>();

  /** The rule of a map that keeps {@code |x_j| > threshold}. */
  InputRule above(LayerWeight weight, float threshold) {
    return rules.computeIfAbsent(
        new Key(weight.layer(), weight.role().input(), threshold),
        key -> InputRule.above(threshold));
  }
}
