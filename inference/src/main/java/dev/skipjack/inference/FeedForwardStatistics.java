package dev.skipjack.inference;

/**
 * How much of the feed-forward networks a session needed and read. Fractions are of all neurons of
 * all tokens; batches of more than a few tokens are computed densely, and then their gates and ups
 * count as computed although fewer contributed.
 *
 * <p>What a device computes is not counted: all figures are those of the processor's layers.
 *
 * @param mode the sparsity mode in use, for example {@code dense} or {@code cats:0.05}
 * @param density mean over layers of the fraction of neurons that contributed to the output; 1 when
 *     the mode is dense
 * @param layerDensity that fraction for each layer of the processor; do not modify
 * @param gateDensity mean fraction of neurons whose gate was computed (up, where there is no gate)
 * @param upDensity mean fraction of neurons whose up was computed (that passed the activation,
 *     where there is no gate)
 * @param inputDensity fraction of the inputs of all linear maps that were kept, each counting as
 *     many weights as it has; 1 unless the mode leaves out inputs
 * @param bytesRead feed-forward weights read, predictors and low-rank parts included
 * @param bytesTotal weights that dense computation of the same batches would have read
 * @param deviceLayers layers that a device computes
 */
public record FeedForwardStatistics(
    String mode,
    double density,
    double[] layerDensity,
    double gateDensity,
    double upDensity,
    double inputDensity,
    long bytesRead,
    long bytesTotal,
    int deviceLayers) {}
