package dev.skipjack.inference.feedforward;

import java.util.Optional;

/**
 * Computes all gates, and of the other weights only those of neurons whose gate activation exceeds
 * a threshold. With threshold 0 nothing but zeros is left out, and the result is exact.
 */
record ThresholdSelector(float dropUpTo) implements Selector {
  /** Skips exact zeros. */
  static final SelectionMethod EXACT =
      new SelectionMethod(
          "exact",
          SelectionParameter.NONE,
          SelectionContext::refuseWithoutZeros,
          context -> new ThresholdSelector(0),
          true);

  /** Skips small gate activations: CATS (arXiv 2404.08763), one threshold per layer. */
  static final SelectionMethod CATS =
      new SelectionMethod(
          "cats",
          SelectionParameter.perLayer("T", "a number of 0 or more", value -> value >= 0),
          ThresholdSelector::refuseWithoutThreshold,
          context -> new ThresholdSelector(context.threshold("cats").orElseThrow()),
          true);

  private static Optional<String> refuseWithoutThreshold(SelectionContext context) {
    Optional<Float> threshold = context.threshold("cats");
    if (threshold.isEmpty()) {
      return Optional.of(
          "the file has no calibrated threshold for layer %d; give one as cats:T"
              .formatted(context.layer().index()));
    }
    return threshold
        .filter(value -> !(value >= 0))
        .map(value -> "the threshold is %s, expected a number of 0 or more".formatted(value));
  }
}
