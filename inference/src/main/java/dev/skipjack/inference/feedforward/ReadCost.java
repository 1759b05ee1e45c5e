package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.RunningDensity;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.Rows;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LinearSpec;
import java.util.OptionalDouble;

/**
 * Up to which density a layer is computed neuron by neuron. The density of a layer is that of its
 * rows that are read alone, each stage counting as many bytes as it has. The limit is given, or
 * measured with {@link BreakEven}, or estimated from bytes and constants, which were found with 2
 * threads of a Zen 4 (AVX-512) on a gated layer of 2048 x 8192: Q4_0 with F32 copies of down breaks
 * even at 55 to 60 % there, and the estimate says 51 %. Decisions depend on limit and counts, never
 * on the time. Immutable.
 */
final class ReadCost {
  /** Batches above this are compute-bound and read each weight once however many neurons fire. */
  private static final int MAX_TOKENS = 8;

  /** A byte read row by row in list order, against one that is streamed. */
  private static final float SCATTERED = 1.2f;

  /** The least that a weight of a block type costs: the time to decode it, as bytes. */
  private static final float DECODED_WEIGHT = 1.75f;

  private static final Stage[] STAGES = Stage.values();

  private final float[] byStage;
  private final float dense;

  /** Whether one token finds no faster way than single rows, even if it reads them all. */
  private final boolean rowsAreFastest;

  private final OptionalDouble given;
  private final OptionalDouble measured;

  private ReadCost(
      float[] byStage,
      float dense,
      boolean rowsAreFastest,
      OptionalDouble given,
      OptionalDouble measured) {
    this.byStage = byStage;
    this.dense = dense;
    this.rowsAreFastest = rowsAreFastest;
    this.given = given;
    this.measured = measured;
  }

  /**
   * The costs of a layer, with an estimated limit unless one is given.
   *
   * @param down neuron-major
   */
  static ReadCost of(Dense spec, Rows down, OptionalDouble given) {
    Tensor first = spec.gate().orElse(spec.up()).weight();
    float[] byStage = new float[STAGES.length];
    byStage[Stage.GATE.ordinal()] = of(first);
    byStage[Stage.UP.ordinal()] = spec.gate().isPresent() ? of(spec.up().weight()) : 0;
    byStage[Stage.DOWN.ordinal()] =
        of(down.type(), down.byteSize(), down.rows() * (long) down.cols());
    float dense =
        spec.gate().map(LinearSpec::weight).map(ReadCost::of).orElse(0f)
            + of(spec.up().weight())
            + of(spec.down().weight());
    // Rows that are packed are as fast as a packed matrix, and batches read the file.
    boolean packed = down.input() == Matrix.Input.INT8_BLOCKS;
    return new ReadCost(byStage, dense, packed, given, OptionalDouble.empty());
  }

  private static float of(Tensor weight) {
    return of(weight.type(), weight.byteSize(), weight.elementCount());
  }

  private static float of(TensorType type, long byteSize, long elements) {
    float decoding = type.isFloat() ? 0 : DECODED_WEIGHT * elements;
    return Math.max(byteSize, decoding);
  }

  /** The same with a measured limit, which single tokens follow unless one is given. */
  ReadCost withMeasured(double limit) {
    return new ReadCost(byStage, dense, rowsAreFastest, given, OptionalDouble.of(limit));
  }

  /** Whether it is worth measuring at which density one token is computed as fast densely. */
  boolean isOpen() {
    return given.isEmpty() && !rowsAreFastest;
  }

  /** Where the limit comes from, in a word or two for people. */
  String origin() {
    if (given.isPresent()) {
      return "given";
    }
    return rowsAreFastest ? "rows are packed" : measured.isPresent() ? "measured" : "estimated";
  }

  /** The limit of single tokens. */
  double tokenLimit(boolean preselects) {
    double known = given.orElse(rowsAreFastest ? 1 : measured.orElse(estimate(preselects)));
    return Math.min(1, known);
  }

  /** Where single rows cost as many bytes as all weights. */
  private float estimate(boolean preselects) {
    float streamed = preselects ? 0 : byStage[Stage.GATE.ordinal()];
    // What a selector reads itself is not compared: a mask needs it as well.
    return (dense - streamed) / (SCATTERED * scattered(preselects));
  }

  /** What all rows cost that are read alone. */
  private float scattered(boolean preselects) {
    float sum = byStage[Stage.UP.ordinal()] + byStage[Stage.DOWN.ordinal()];
    return preselects ? sum + byStage[Stage.GATE.ordinal()] : sum;
  }

  private double density(boolean preselects, RunningDensity running, int layer) {
    double active = 0;
    for (Stage stage : STAGES) {
      if (preselects || stage != Stage.GATE) {
        active += byStage[stage.ordinal()] * running.of(stage, layer);
      }
    }
    return active / scattered(preselects);
  }

  /**
   * Whether to compute a batch neuron by neuron, judged by how many were active lately.
   *
   * @param preselects whether gates are computed for selected neurons only
   */
  boolean favoursNeurons(int tokens, boolean preselects, RunningDensity running, int layer) {
    if (tokens > MAX_TOKENS) {
      return false;
    }
    double density = density(preselects, running, layer);
    return tokens == 1
        ? density <= tokenLimit(preselects)
        : tokens * density < given.orElse(estimate(preselects));
  }
}
