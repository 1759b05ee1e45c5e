package dev.skipjack.inference.calibration;

import dev.skipjack.kernels.team.Worker;

/** The optimiser AdamW (Loshchilov and Hutter, arXiv 1711.05101) for one array of weights. */
final class AdamW {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;
  private static final float DECAY = 0.01f;

  private final float[] weights;
  private final float[] gradient;
  private final float[] mean;
  private final float[] square;

  /**
   * @param weights changed by every step
   */
  AdamW(float[] weights) {
    this.weights = weights;
    this.gradient = new float[weights.length];
    this.mean = new float[weights.length];
    this.square = new float[weights.length];
  }

  /** To be filled before every step. */
  float[] gradient() {
    return gradient;
  }

  /**
   * Changes this worker's share of the weights.
   *
   * @param step from 1 up
   */
  void step(Worker worker, int step, double rate) {
    float bias = (float) (Math.sqrt(1 - Math.pow(BETA2, step)) / (1 - Math.pow(BETA1, step)));
    float pace = (float) rate * bias;
    float keep = 1 - (float) rate * DECAY;
    int to = worker.to(weights.length, 1);
    for (int i = worker.from(weights.length, 1); i < to; i++) {
      float g = gradient[i];
      mean[i] += (1 - BETA1) * (g - mean[i]);
      square[i] += (1 - BETA2) * (g * g - square[i]);
      weights[i] = keep * weights[i] - pace * mean[i] / ((float) Math.sqrt(square[i]) + EPSILON);
    }
  }
}
