package dev.skipjack.inference.input;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * A low-rank approximation of a weight, {@code W ~ u^T v}, from its singular value decomposition
 * with the singular values in {@code v}; the first rows are the most important ones. In a file they
 * are {@code blk.N.NAME.sparse_u} and {@code blk.N.NAME.sparse_v}.
 *
 * @param u {@code [rank x outputs]}
 * @param v {@code [rank x inputs]}
 */
public record Factors(Tensor u, Tensor v) {
  public static String nameOfU(LayerWeight weight) {
    return weight.name() + ".sparse_u";
  }

  public static String nameOfV(LayerWeight weight) {
    return weight.name() + ".sparse_v";
  }

  /**
   * The factors a file has for a weight.
   *
   * @throws ModelFormatException if they do not fit it or each other
   */
  static Optional<Factors> find(ModelFile file, LayerWeight weight) {
    Optional<Tensor> u = file.tensor(nameOfU(weight));
    Optional<Tensor> v = file.tensor(nameOfV(weight));
    if (u.isEmpty() && v.isEmpty()) {
      return Optional.empty();
    }
    int rank = u.or(() -> v).orElseThrow().rows();
    return Optional.of(
        new Factors(
            require(file, nameOfU(weight), rank, weight.outputs()),
            require(file, nameOfV(weight), rank, weight.inputs())));
  }

  private static Tensor require(ModelFile file, String name, long... shape) {
    Tensor tensor =
        file.tensor(name)
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        file.source(), "tensor " + name, "nothing", Arrays.toString(shape)));
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new ModelFormatException(
          file.source(), "tensor " + name, Arrays.toString(tensor.shape()), Arrays.toString(shape));
    }
    return tensor;
  }

  /** The best approximation of a smaller rank. */
  public Factors truncate(int rank) {
    return new Factors(u.rows(0, rank), v.rows(0, rank));
  }
}
