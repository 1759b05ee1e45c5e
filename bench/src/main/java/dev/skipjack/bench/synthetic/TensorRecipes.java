package dev.skipjack.bench.synthetic;

import dev.skipjack.loader.tensor.TensorType;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The pools of one model and the matrices made from them. Weights have deviation {@code 1 /
 * sqrt(inputs)}, less where a branch ends, so that activations neither grow nor vanish.
 */
final class TensorRecipes {
  /** Keeps the residual near the embedding's size over many layers. */
  private static final double BRANCH_GAIN = 0.5;

  private final SyntheticModel model;
  private final DensityDesign design;
  private final TensorType type;
  private final BlockPool zeros;
  private final BlockPool hiddenInput;
  private final BlockPool attentionOutput;
  private final BlockPool down;
  private final BlockPool[] deciding;
  private final BlockPool[] passive;

  /** A random weight of a column. */
  @FunctionalInterface
  private interface Weight {
    float draw(SplittableRandom random, int column);
  }

  TensorRecipes(SyntheticModel model, DensityDesign design) {
    this.model = model;
    this.design = design;
    this.type = model.type();
    Shape shape = model.shape();
    double s = 1 / Math.sqrt(shape.hidden());
    this.zeros = pool(type, "zeros", 0, (random, column) -> 0);
    this.hiddenInput = gaussian("hidden input", s);
    this.attentionOutput = gaussian("attention", BRANCH_GAIN / Math.sqrt(shape.attended()));
    this.down = gaussian("down", BRANCH_GAIN / Math.sqrt(shape.feedForward()));
    this.deciding =
        leading(type, "deciding", (random, column) -> design.deciding(random, column, s));
    this.passive = leading(type, "passive", (random, column) -> design.passive(random, column, s));
  }

  PooledMatrix embedding() {
    TensorType embeddingType = model.shape().tied() ? model.outputType() : type;
    BlockPool rest = pool(embeddingType, "embedding", design.hidden(), design::embedding);
    BlockPool[] first = leading(embeddingType, "first embedding", design::embedding);
    return matrix(
        "token_embd.weight",
        embeddingType,
        model.shape().vocabulary(),
        model.shape().hidden(),
        (row, piece) -> piece < first.length ? first[piece] : rest);
  }

  PooledMatrix output() {
    double s = 1 / Math.sqrt(model.shape().hidden());
    BlockPool pool =
        pool(
            model.outputType(),
            "output",
            0,
            (random, column) -> (float) (s * random.nextGaussian()));
    return matrix(
        "output.weight",
        model.outputType(),
        model.shape().vocabulary(),
        model.shape().hidden(),
        (row, piece) -> pool);
  }

  /** A projection of the normed residual that knows nothing of densities. */
  PooledMatrix projection(String name, int rows) {
    return matrix(name, type, rows, model.shape().hidden(), (row, piece) -> hiddenInput);
  }

  /** The matrix whose sign decides whether a neuron is active: the gate, or up without one. */
  PooledMatrix deciding(String name) {
    return neurons(name, deciding);
  }

  /** Up beside a gate. */
  PooledMatrix passive(String name) {
    return neurons(name, passive);
  }

  private PooledMatrix neurons(String name, BlockPool[] first) {
    return matrix(
        name,
        type,
        model.shape().feedForward(),
        model.shape().hidden(),
        (row, piece) -> piece < first.length ? first[piece] : hiddenInput);
  }

  /** The first columns of a deciding matrix, byte for byte. */
  PooledMatrix predictor(PooledMatrix decidingMatrix) {
    return new PooledMatrix(
        type,
        decidingMatrix.rows(),
        model.predictorRank(),
        decidingMatrix.seed(),
        decidingMatrix.pools());
  }

  /** {@code [hidden x heads * headDim]}. */
  PooledMatrix attentionOutput(String name) {
    return protectedRows(name, model.shape().attended(), attentionOutput);
  }

  /** {@code [hidden x neurons]}. */
  PooledMatrix down(String name) {
    return protectedRows(name, model.shape().feedForward(), down);
  }

  private PooledMatrix protectedRows(String name, int cols, BlockPool pool) {
    return matrix(
        name,
        type,
        model.shape().hidden(),
        cols,
        (row, piece) -> row < design.protectedChannels() ? zeros : pool);
  }

  /** {@code [neurons x hidden]}; whole pieces that hold a protected channel are zero. */
  PooledMatrix neuronMajorDown(String name) {
    int protectedPieces = pieces(type, design.protectedChannels());
    return matrix(
        name,
        type,
        model.shape().feedForward(),
        model.shape().hidden(),
        (row, piece) -> piece < protectedPieces ? zeros : down);
  }

  private PooledMatrix matrix(
      String name, TensorType matrixType, int rows, int cols, PooledMatrix.Pools pools) {
    return new PooledMatrix(matrixType, rows, cols, seed(name), pools);
  }

  private BlockPool gaussian(String name, double deviation) {
    return pool(type, name, 0, (random, column) -> (float) (deviation * random.nextGaussian()));
  }

  /** Pools for the pieces that hold the protected channels, one for each. */
  private BlockPool[] leading(TensorType poolType, String name, Weight weight) {
    int length = BlockPool.pieceLength(poolType);
    return IntStream.range(0, pieces(poolType, design.protectedChannels()))
        .mapToObj(piece -> pool(poolType, name + piece, piece * length, weight))
        .toArray(BlockPool[]::new);
  }

  private BlockPool pool(TensorType poolType, String name, int firstColumn, Weight weight) {
    return new BlockPool(
        poolType,
        seed(name),
        (random, piece) -> {
          for (int i = 0; i < piece.length; i++) {
            piece[i] = weight.draw(random, firstColumn + i);
          }
        });
  }

  private static int pieces(TensorType type, int columns) {
    int length = BlockPool.pieceLength(type);
    return (columns + length - 1) / length;
  }

  private long seed(String name) {
    return PooledMatrix.mix(model.seed() ^ PooledMatrix.mix(name.hashCode()));
  }
}
