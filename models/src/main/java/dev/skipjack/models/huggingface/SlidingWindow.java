package dev.skipjack.models.huggingface;

import java.util.List;
import java.util.Optional;

/**
 * Sliding-window attention: the window, and a flag per layer that says which layers slide.
 *
 * <p>{@code layer_types} of transformers 5 says it outright; before it each family had a rule.
 */
final class SlidingWindow {
  private SlidingWindow() {}

  /** Which layers slide when {@code layer_types} is absent. */
  @FunctionalInterface
  interface Layout {
    boolean slides(JsonObject config, int layer);
  }

  /** The window of {@code sliding_window}, unless {@code use_sliding_window} turns it off. */
  static KeyRule with(Layout layout) {
    return (config, dimensions, keys) -> {
      if (config.has("sliding_window") && config.bool("use_sliding_window").orElse(true)) {
        Optional<List<String>> types = config.strings("layer_types");
        types.ifPresent(list -> check(config, "layer_types", list.size(), dimensions));
        boolean[] slides = new boolean[dimensions.layerCount()];
        for (int layer = 0; layer < slides.length; layer++) {
          slides[layer] =
              types.isPresent()
                  ? slides(config, types.get().get(layer))
                  : layout.slides(config, layer);
        }
        keys.put("attention.sliding_window", config.requireCount("sliding_window"));
        keys.put("attention.sliding_window_pattern", slides);
      }
    };
  }

  /** One flag per layer from a list of zeros and ones. */
  static boolean[] flags(JsonObject config, String key, Dimensions dimensions) {
    long[] values = config.integers(key);
    check(config, key, values.length, dimensions);
    boolean[] flags = new boolean[values.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = values[i] != 0;
    }
    return flags;
  }

  private static void check(JsonObject config, String key, int found, Dimensions dimensions) {
    if (found != dimensions.layerCount()) {
      throw config.error(
          key, found + " elements", "%d, one per layer".formatted(dimensions.layerCount()));
    }
  }

  private static boolean slides(JsonObject config, String type) {
    return switch (type) {
      case "sliding_attention" -> true;
      case "full_attention" -> false;
      default -> throw config.error("layer_types", type, "sliding_attention or full_attention");
    };
  }
}
