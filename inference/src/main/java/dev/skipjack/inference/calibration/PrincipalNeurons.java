package dev.skipjack.inference.calibration;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec.Input;
import dev.skipjack.models.spec.LayerSpec;
import java.lang.foreign.Arena;
import java.util.random.RandomGenerator;

/**
 * Where the training of a predictor starts: the best low-rank stand-in for the matrix that decides
 * which neurons fire. With {@code Y = X W^T} the pre-activations of sample inputs and {@code U}
 * their leading principal directions over the neurons, {@code W ~ U (U^T W)}, so {@code fc1 = U^T
 * W} and {@code fc2 = U}. A few thousand tokens are enough to go on from there, where a random
 * start needs hundreds of thousands. Directions are found by subspace iteration (Halko, Martinsson
 * and Tropp 2011, algorithm 4.4).
 *
 * <p>With ReLU between, a direction takes two hidden units, {@code v = relu(v) - relu(-v)}.
 */
final class PrincipalNeurons {
  private static final int MOST_SAMPLES = 2048;
  private static final int ITERATIONS = 3;

  /** Standard deviation of the first logits: sure, but not so sure that nothing is learned. */
  private static final double LOGIT_SCALE = 2;

  private final KernelProvider kernels;
  private final ThreadTeam team;
  private final FloatKernels floats;

  PrincipalNeurons(KernelProvider kernels, ThreadTeam team) {
    this.kernels = kernels;
    this.team = team;
    this.floats = kernels.floats();
  }

  /**
   * The first weights of a predictor.
   *
   * @param input what its inputs are; the residual is taken through the norm's weights
   */
  PredictorWeights start(
      LayerSpec layer,
      Dense network,
      Input input,
      NeuronSamples samples,
      int rank,
      boolean relu,
      RandomGenerator random) {
    float[] decisive = decisive(layer, network, input);
    int neurons = network.length();
    int hidden = samples.hidden();
    int directions = relu ? rank / 2 : rank;
    try (Arena arena = Arena.ofShared()) {
      float[] y = preActivations(arena, samples, decisive);
      float[] basis = basis(arena, y, neurons, directions, random);
      float[] projected = project(arena, basis, directions, decisive, hidden, neurons);
      double scale = LOGIT_SCALE / deviation(y);
      PredictorWeights weights =
          new PredictorWeights(
              rank, hidden, neurons, new float[rank * hidden], new float[neurons * rank], relu);
      for (int d = 0; d < directions; d++) {
        set(weights, d, 1, projected, basis, d, scale);
        if (relu) {
          set(weights, directions + d, -1, projected, basis, d, scale);
        }
      }
      return weights;
    }
  }

  private static void set(
      PredictorWeights weights,
      int unit,
      int sign,
      float[] projected,
      float[] basis,
      int direction,
      double scale) {
    int hidden = weights.hidden();
    int neurons = weights.neurons();
    for (int c = 0; c < hidden; c++) {
      weights.fc1()[unit * hidden + c] = (float) (sign * scale * projected[direction * hidden + c]);
    }
    for (int i = 0; i < neurons; i++) {
      weights.fc2()[i * weights.rank() + unit] = sign * basis[direction * neurons + i];
    }
  }

  /** Gate, or up where there is no gate, as it acts on the predictor's input. */
  private float[] decisive(LayerSpec layer, Dense network, Input input) {
    RowMatrix matrix = kernels.matrix(network.gate().orElse(network.up()).weight());
    float[] values = new float[matrix.rows() * matrix.cols()];
    for (int i = 0; i < matrix.rows(); i++) {
      matrix.row(i, values, i * matrix.cols());
    }
    if (input == Input.RESIDUAL && layer.feedForwardNorm().isPresent()) {
      float[] weight = layer.feedForwardNorm().get().weight().toFloats();
      for (int i = 0; i < matrix.rows(); i++) {
        floats.multiply(weight, 0, values, i * matrix.cols(), matrix.cols());
      }
    }
    return values;
  }

  /** {@code [samples x neurons]} of evenly spaced samples. */
  private float[] preActivations(Arena arena, NeuronSamples samples, float[] decisive) {
    int count = Math.min(MOST_SAMPLES, samples.count());
    Activations inputs = new Activations(count, samples.hidden());
    for (int i = 0; i < count; i++) {
      int sample = (int) ((long) i * samples.count() / count);
      samples.input(sample, inputs.values(), i * samples.hidden());
    }
    int neurons = decisive.length / samples.hidden();
    FloatMatrix matrix = new FloatMatrix(kernels, arena, neurons, samples.hidden());
    matrix.set(decisive, 0, neurons);
    float[] y = new float[count * neurons];
    team.run(worker -> matrix.multiply(worker, inputs, count, y));
    return y;
  }

  /**
   * Leading principal directions of the rows of {@code y}, orthonormal {@code [count x neurons]}.
   */
  private float[] basis(Arena arena, float[] y, int neurons, int count, RandomGenerator random) {
    int samples = y.length / neurons;
    Activations directions = new Activations(count, neurons);
    for (int i = 0; i < directions.values().length; i++) {
      directions.values()[i] = (float) random.nextGaussian();
    }
    FloatMatrix rows = new FloatMatrix(kernels, arena, samples, neurons);
    rows.set(y, 0, samples);
    FloatMatrix columns = new FloatMatrix(kernels, arena, neurons, samples);
    columns.setTransposed(y, 0, neurons, samples, 0, neurons);
    Activations scores = new Activations(count, samples);
    orthonormalize(directions.values(), count, neurons);
    for (int i = 0; i < ITERATIONS; i++) {
      team.run(worker -> rows.multiply(worker, directions, count, scores.values()));
      team.run(worker -> columns.multiply(worker, scores, count, directions.values()));
      orthonormalize(directions.values(), count, neurons);
    }
    return directions.values();
  }

  /** Gram-Schmidt, twice, as once is not enough in single precision. */
  private void orthonormalize(float[] x, int count, int length) {
    for (int i = 0; i < count; i++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          float along = floats.dot(x, i * length, x, j * length, length);
          floats.axpy(-along, x, j * length, x, i * length, length);
        }
      }
      double norm = Math.sqrt(floats.dot(x, i * length, x, i * length, length));
      // A direction that the samples do not have stays zero.
      floats.scale(norm < 1e-20 ? 0 : (float) (1 / norm), x, i * length, length);
    }
  }

  /** {@code basis W}, {@code [count x hidden]}. */
  private float[] project(
      Arena arena, float[] basis, int count, float[] decisive, int hidden, int neurons) {
    FloatMatrix columns = new FloatMatrix(kernels, arena, hidden, neurons);
    columns.setTransposed(decisive, 0, hidden, neurons, 0, hidden);
    Activations rows = new Activations(count, neurons);
    System.arraycopy(basis, 0, rows.values(), 0, basis.length);
    float[] projected = new float[count * hidden];
    team.run(worker -> columns.multiply(worker, rows, count, projected));
    return projected;
  }

  private static double deviation(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.max(1e-20, Math.sqrt(squares / values.length));
  }
}
