package dev.skipjack.kernels.tornado.graph;

import java.util.List;
import java.util.Optional;

/**
 * Which neurons a device computes.
 *
 * @param threshold of {@link Method#GATE} and {@link Method#PREDICTOR}; absent: the file's own
 */
public record FeedForwardMode(Method method, Optional<Float> threshold) {
  /** How neurons are left out. */
  public enum Method {
    /** Where the gate is exactly zero. */
    EXACT,
    /** Where the gate is small. */
    GATE,
    /** Where the predictor says so. */
    PREDICTOR
  }

  /** Leaves out nothing but what is zero. */
  public static final FeedForwardMode EXACT = new FeedForwardMode(Method.EXACT, Optional.empty());

  /**
   * The mode for a sparsity method and its parameters.
   *
   * @throws IllegalArgumentException if devices do not have it
   */
  public static FeedForwardMode of(String method, List<Float> parameters) {
    Optional<Float> threshold = parameters.stream().findFirst();
    return switch (method) {
      case "auto", "dense", "exact" -> EXACT;
      case "cats" -> {
        if (parameters.size() != 1) {
          throw new IllegalArgumentException(
              "sparsity cats: found %d thresholds, expected one for all layers on a device; use"
                      .formatted(parameters.size())
                  + " cats:T or exact");
        }
        yield new FeedForwardMode(Method.GATE, threshold);
      }
      case "predictor" -> new FeedForwardMode(Method.PREDICTOR, threshold);
      default ->
          throw new IllegalArgumentException(
              "sparsity %s: not available on a device; use exact, cats:T or predictor, or leave"
                      .formatted(method)
                  + " out --device");
    };
  }
}
