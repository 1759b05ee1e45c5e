package dev.skipjack.inference;

/**
 * How much of the feed-forward networks a session computed.
 *
 * @param mode the strategy, for example {@code dense}
 * @param density mean over layers of the fraction of neurons computed
 * @param layerDensity that fraction for each layer; do not modify
 */
public record FeedForwardStatistics(String mode, double density, double[] layerDensity) {}
