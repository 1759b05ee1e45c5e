package dev.skipjack.inference.calibration;

/**
 * A predictor {@code fc2 h(fc1 x)}, {@code h} being ReLU or the identity.
 *
 * @param fc1 {@code [rank x hidden]}
 * @param fc2 {@code [neurons x rank]}
 * @param relu whether {@code h} is ReLU
 */
record PredictorWeights(int rank, int hidden, int neurons, float[] fc1, float[] fc2, boolean relu) {
  PredictorWeights copy() {
    return new PredictorWeights(rank, hidden, neurons, fc1.clone(), fc2.clone(), relu);
  }
}
