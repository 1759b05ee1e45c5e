package dev.skipjack.inference.calibration;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import java.lang.foreign.Arena;
import java.util.random.RandomGenerator;

/**
 * Minibatch training of one predictor: binary cross-entropy on the raw logits, in which a neuron
 * that fired weighs 1 and one that did not the mean activity plus 0.005 (Deja Vu, arXiv
 * 2310.17157), and {@link AdamW}. All workers compute each batch together; what they compute does
 * not depend on how many they are. One thread at a time.
 */
final class PredictorTrainer implements AutoCloseable {
  private static final int BATCH = 256;
  private static final double NEGATIVE_WEIGHT_FLOOR = 0.005;

  /** Fraction of the steps in which the rate rises; it then falls to zero along a cosine. */
  private static final double WARM_UP = 0.05;

  private final PredictorWeights weights;
  private final NeuronSamples samples;
  private final ThreadTeam team;
  private final Arena arena = Arena.ofShared();
  private final int totalSteps;
  private final double rate;
  private final float negativeWeight;
  private final AdamW first;
  private final AdamW second;
  private final int[] order;

  /** Inputs {@code [B x hidden]}, hidden units {@code [B x rank]}, logits {@code [B x neurons]}. */
  private final Activations inputs;

  private final Activations units;
  private final Activations logits;

  /** Transposed for the gradients: {@code [neurons x B]} and {@code [rank x B]}. */
  private final Activations logitsByNeuron;

  private final Activations unitGradients;
  private final float[] unitGradientRows;
  private final FloatMatrix fc1;
  private final FloatMatrix fc2;
  private final FloatMatrix fc2ByUnit;
  private final FloatMatrix unitsByUnit;
  private final FloatMatrix inputsByChannel;
  private int step;

  /**
   * @param weights changed by training
   * @param epochs passes over the samples that {@link #epoch} will be called for
   */
  PredictorTrainer(
      KernelProvider kernels,
      ThreadTeam team,
      PredictorWeights weights,
      NeuronSamples samples,
      int epochs,
      double rate) {
    this.weights = weights;
    this.samples = samples;
    this.team = team;
    this.rate = rate;
    this.totalSteps = epochs * Math.ceilDiv(samples.count(), BATCH);
    this.negativeWeight = (float) (samples.density() + NEGATIVE_WEIGHT_FLOOR);
    this.first = new AdamW(weights.fc1());
    this.second = new AdamW(weights.fc2());
    this.order = new int[samples.count()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int rank = weights.rank();
    int hidden = weights.hidden();
    int neurons = weights.neurons();
    this.inputs = new Activations(BATCH, hidden);
    this.units = new Activations(BATCH, rank);
    this.logits = new Activations(BATCH, neurons);
    this.logitsByNeuron = new Activations(neurons, BATCH);
    this.unitGradients = new Activations(rank, BATCH);
    this.unitGradientRows = new float[BATCH * rank];
    this.fc1 = new FloatMatrix(kernels, arena, rank, hidden);
    this.fc2 = new FloatMatrix(kernels, arena, neurons, rank);
    this.fc2ByUnit = new FloatMatrix(kernels, arena, rank, neurons);
    this.unitsByUnit = new FloatMatrix(kernels, arena, rank, BATCH);
    this.inputsByChannel = new FloatMatrix(kernels, arena, hidden, BATCH);
  }

  /** One pass over all samples in an order that {@code random} draws. */
  void epoch(RandomGenerator random) {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int held = order[i];
      order[i] = order[other];
      order[other] = held;
    }
    for (int start = 0; start < order.length; start += BATCH) {
      int from = start;
      int count = Math.min(BATCH, order.length - start);
      step++;
      team.run(worker -> step(worker, from, count));
    }
  }

  private double rateNow() {
    double done = (double) step / totalSteps;
    return done < WARM_UP
        ? rate * done / WARM_UP
        : rate * (1 + Math.cos(Math.PI * (done - WARM_UP) / (1 - WARM_UP))) / 2;
  }

  private void step(Worker worker, int from, int count) {
    forward(worker, from, count);
    worker.barrier();
    backward(worker, count);
    worker.barrier();
    double now = rateNow();
    first.step(worker, step, now);
    second.step(worker, step, now);
  }

  private void forward(Worker worker, int from, int count) {
    int rank = weights.rank();
    for (int i = worker.from(count, 1); i < worker.to(count, 1); i++) {
      samples.input(order[from + i], inputs.values(), i * weights.hidden());
    }
    fc1.set(weights.fc1(), worker.from(rank, 1), worker.to(rank, 1));
    int neurons = weights.neurons();
    fc2.set(weights.fc2(), worker.from(neurons, 1), worker.to(neurons, 1));
    fc2ByUnit.setTransposed(
        weights.fc2(), 0, rank, neurons, worker.from(rank, 1), worker.to(rank, 1));
    worker.barrier();
    fc1.multiply(worker, inputs, count, units.values());
    worker.barrier();
    if (weights.relu()) {
      rectify(units.values(), worker.from(count, 1) * rank, worker.to(count, 1) * rank);
    }
    worker.barrier();
    fc2.multiply(worker, units, count, logits.values());
    worker.barrier();
    for (int i = worker.from(count, 1); i < worker.to(count, 1); i++) {
      differentiate(i, order[from + i], count);
    }
  }

  private static void rectify(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Math.max(0, x[i]);
    }
  }

  /** Replaces the logits of a batch's sample by the derivative of the mean loss. */
  private void differentiate(int row, int sample, int count) {
    int neurons = weights.neurons();
    float[] z = logits.values();
    float share = 1f / count;
    for (int i = 0, at = row * neurons; i < neurons; i++, at++) {
      float probability = (float) (1 / (1 + Math.exp(-z[at])));
      z[at] =
          share * (samples.isActive(sample, i) ? probability - 1 : negativeWeight * probability);
    }
  }

  private void backward(Worker worker, int count) {
    int rank = weights.rank();
    int neurons = weights.neurons();
    fc2ByUnit.multiply(worker, logits, count, unitGradientRows);
    transpose(worker, logits.values(), neurons, count, logitsByNeuron.values());
    unitsByUnit.setTransposed(
        units.values(), 0, rank, count, worker.from(rank, 1), worker.to(rank, 1));
    int hidden = weights.hidden();
    inputsByChannel.setTransposed(
        inputs.values(), 0, hidden, count, worker.from(hidden, 1), worker.to(hidden, 1));
    worker.barrier();
    if (weights.relu()) {
      mask(worker.from(count, 1) * rank, worker.to(count, 1) * rank);
    }
    worker.barrier();
    transpose(worker, unitGradientRows, rank, count, unitGradients.values());
    worker.barrier();
    unitsByUnit.multiply(worker, logitsByNeuron, neurons, second.gradient());
    inputsByChannel.multiply(worker, unitGradients, rank, first.gradient());
  }

  /** Stops gradients where ReLU let nothing through. */
  private void mask(int from, int to) {
    float[] values = units.values();
    for (int i = from; i < to; i++) {
      unitGradientRows[i] = values[i] > 0 ? unitGradientRows[i] : 0;
    }
  }

  /** Writes this worker's columns of {@code x [count x cols]} as rows {@code [cols x BATCH]}. */
  private static void transpose(Worker worker, float[] x, int cols, int count, float[] out) {
    for (int c = worker.from(cols, 1); c < worker.to(cols, 1); c++) {
      for (int i = 0; i < BATCH; i++) {
        out[c * BATCH + i] = i < count ? x[i * cols + c] : 0;
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
