package dev.skipjack.inference.calibration;

import dev.skipjack.inference.input.Factors;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Low-rank factors of weights from their singular value decomposition {@code W = U S V^T}, in
 * double precision, with EJML. Takes time cubic in the size of the weight. Stateless.
 */
public final class SingularVectors {
  private SingularVectors() {}

  /**
   * The {@code rank} largest singular values with their vectors: {@code u = U^T [rank x outputs]}
   * and {@code v = S V^T [rank x inputs]}.
   *
   * @param rank at most that of the weight's shape
   * @param type of the factors; outputs and inputs must be whole blocks of it
   * @param arena owns the factors
   * @throws IllegalStateException if the iteration does not converge, as with NaN weights
   */
  public static Factors of(LayerWeight weight, int rank, TensorType type, Arena arena) {
    Tensor tensor = weight.spec().weight();
    float[] values = tensor.toFloats();
    DMatrixRMaj matrix = new DMatrixRMaj(tensor.rows(), tensor.cols());
    for (int i = 0; i < values.length; i++) {
      matrix.data[i] = values[i];
    }
    var svd = DecompositionFactory_DDRM.svd(tensor.rows(), tensor.cols(), true, true, true);
    if (!svd.decompose(matrix)) {
      throw new IllegalStateException(
          "%s: the singular value decomposition does not converge".formatted(tensor));
    }
    DMatrixRMaj left = svd.getU(null, false);
    DMatrixRMaj right = svd.getV(null, false);
    double[] scales = sort(svd, left, right);
    // The decomposition of the transposed weight has its vectors the other way round.
    DMatrixRMaj outputs = weight.transposed() ? right : left;
    DMatrixRMaj inputs = weight.transposed() ? left : right;
    double[] ones = new double[scales.length];
    Arrays.fill(ones, 1);
    return new Factors(
        rows(Factors.nameOfU(weight), outputs, ones, rank, type, arena),
        rows(Factors.nameOfV(weight), inputs, scales, rank, type, arena));
  }

  /** Orders the vectors by their singular values, the largest first, and returns these. */
  private static double[] sort(
      SingularValueDecomposition_F64<DMatrixRMaj> svd, DMatrixRMaj left, DMatrixRMaj right) {
    double[] values = svd.getSingularValues().clone();
    SingularOps_DDRM.descendingOrder(
        left, false, values, svd.numberOfSingularValues(), right, false);
    return values;
  }

  /** The first columns of a matrix, scaled, as rows of a tensor. */
  private static Tensor rows(
      String name, DMatrixRMaj columns, double[] scales, int rank, TensorType type, Arena arena) {
    int length = columns.numRows;
    MemorySegment data = arena.allocate(type.byteSize((long) rank * length), Long.BYTES);
    float[] row = new float[length];
    for (int r = 0; r < rank; r++) {
      for (int i = 0; i < length; i++) {
        row[i] = (float) (scales[r] * columns.get(i, r));
      }
      type.codec().encode(row, 0, length, data, type.byteSize((long) r * length));
    }
    return new Tensor(name, type, new long[] {rank, length}, data);
  }
}
