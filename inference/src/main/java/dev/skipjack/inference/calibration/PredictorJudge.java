package dev.skipjack.inference.calibration;

import dev.skipjack.inference.measure.SelectionQuality;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Judges a predictor on held-out samples, in the tensor type in which it will be stored: finds the
 * threshold that lets the target fraction of the active neurons through, and what else it lets
 * through. Recall and precision trade by the threshold, so predictors are compared by precision at
 * equal recall.
 */
final class PredictorJudge {
  private static final int BATCH = 256;

  private final KernelProvider kernels;
  private final ThreadTeam team;
  private final NeuronSamples samples;
  private final TensorType type;

  /**
   * What a predictor is worth.
   *
   * @param threshold on raw logits; neurons at or above it are computed
   * @param recall fraction of the active neurons that are computed
   * @param precision fraction of the computed neurons that are active
   * @param predicted fraction of all neurons that are computed
   * @param active fraction of all neurons that are active
   */
  record Verdict(
      float threshold, double recall, double precision, double predicted, double active) {
    static Verdict of(float threshold, SelectionQuality quality) {
      return new Verdict(
          threshold,
          quality.recall(),
          quality.precision(),
          quality.selectedDensity(),
          quality.activeDensity());
    }
  }

  PredictorJudge(KernelProvider kernels, ThreadTeam team, NeuronSamples heldOut, TensorType type) {
    this.kernels = kernels;
    this.team = team;
    this.samples = heldOut;
    this.type = type;
  }

  /** Judges at a recall. */
  Verdict judge(PredictorWeights weights, double recall) {
    try (Arena arena = Arena.ofShared()) {
      Matrix fc1 = stored(arena, weights.fc1(), weights.rank(), weights.hidden());
      Matrix fc2 = stored(arena, weights.fc2(), weights.neurons(), weights.rank());
      float[] all = logits(weights, fc1, fc2);
      float[] ofActive = ofActive(all);
      if (ofActive.length == 0) {
        return Verdict.of(Float.POSITIVE_INFINITY, new SelectionQuality(all.length, 0, 0, 0));
      }
      Arrays.sort(ofActive);
      int missed = (int) Math.floor((1 - recall) * ofActive.length);
      float threshold = ofActive[Math.min(missed, ofActive.length - 1)];
      long predicted = countFrom(threshold, all);
      long found = countFrom(threshold, ofActive);
      return Verdict.of(
          threshold, new SelectionQuality(all.length, ofActive.length, predicted, found));
    }
  }

  private Matrix stored(Arena arena, float[] values, int rows, int cols) {
    MemorySegment data = arena.allocate(type.byteSize((long) rows * cols), Long.SIZE);
    type.codec().encode(values, 0, values.length, data, 0);
    return kernels.matrix(new Tensor("predictor", type, new long[] {rows, cols}, data));
  }

  /** {@code [samples x neurons]}. */
  private float[] logits(PredictorWeights weights, Matrix fc1, Matrix fc2) {
    int neurons = weights.neurons();
    float[] all = new float[Math.multiplyExact(samples.count(), neurons)];
    Activations inputs = new Activations(BATCH, weights.hidden());
    Activations units = new Activations(BATCH, weights.rank());
    for (int start = 0; start < samples.count(); start += BATCH) {
      int first = start;
      int count = Math.min(BATCH, samples.count() - start);
      for (int i = 0; i < count; i++) {
        samples.input(start + i, inputs.values(), i * weights.hidden());
      }
      team.run(
          worker -> {
            multiply(worker, fc1, inputs, count, units.values(), 0);
            if (weights.relu()) {
              worker.barrier();
              rectify(worker, units, count);
            }
            worker.barrier();
            multiply(worker, fc2, units, count, all, first * neurons);
          });
    }
    return all;
  }

  private void multiply(
      Worker worker, Matrix matrix, Activations x, int tokens, float[] y, int offset) {
    if (matrix.input() == Matrix.Input.INT8_BLOCKS) {
      FloatKernels floats = kernels.floats();
      floats.quantize(x, worker.from(tokens, 1), worker.to(tokens, 1));
      worker.barrier();
    }
    int from = worker.from(matrix.rows(), matrix.rowStep());
    int to = worker.to(matrix.rows(), matrix.rowStep());
    matrix.multiply(x, tokens, from, to, y, offset, matrix.rows());
  }

  private static void rectify(Worker worker, Activations units, int count) {
    int to = worker.to(count, 1) * units.cols();
    for (int i = worker.from(count, 1) * units.cols(); i < to; i++) {
      units.values()[i] = Math.max(0, units.values()[i]);
    }
  }

  private float[] ofActive(float[] all) {
    float[] found = new float[all.length];
    int count = 0;
    for (int sample = 0, at = 0; sample < samples.count(); sample++) {
      for (int i = 0; i < samples.neurons(); i++, at++) {
        found[count] = all[at];
        count += samples.isActive(sample, i) ? 1 : 0;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static long countFrom(float threshold, float[] values) {
    long count = 0;
    for (float value : values) {
      count += value >= threshold ? 1 : 0;
    }
    return count;
  }
}
