package dev.skipjack.inference.input;

import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;

/** How much an input weighs in a linear map: {@code ||W[:, j]||_2}. Stateless. */
public final class ColumnNorms {
  private static final int STRIP = 256;

  private ColumnNorms() {}

  /**
   * The norms {@code [inputs]}; they do not depend on the number of workers.
   *
   * @param team does the work
   */
  public static float[] of(LayerWeight weight, ThreadTeam team) {
    double[] squares = new double[weight.inputs()];
    Tensor tensor = weight.spec().weight();
    team.run(
        worker -> {
          if (weight.transposed()) {
            addRows(worker, tensor, squares);
          } else {
            addColumns(worker, tensor, squares);
          }
        });
    float[] norms = new float[squares.length];
    for (int j = 0; j < norms.length; j++) {
      norms[j] = (float) Math.sqrt(squares[j]);
    }
    return norms;
  }

  private static void addRows(Worker worker, Tensor tensor, double[] squares) {
    float[] row = new float[tensor.cols()];
    for (int j = worker.from(squares.length, 1); j < worker.to(squares.length, 1); j++) {
      tensor.type().codec().decode(tensor.data(), j * tensor.rowBytes(), row, 0, row.length);
      for (float value : row) {
        squares[j] += (double) value * value;
      }
    }
  }

  /** Every worker goes down its own columns, so that sums are in the order of the rows. */
  private static void addColumns(Worker worker, Tensor tensor, double[] squares) {
    TensorType type = tensor.type();
    int step = type.blockLength() * Math.max(1, STRIP / type.blockLength());
    int from = worker.from(squares.length, step);
    float[] part = new float[worker.to(squares.length, step) - from];
    for (int i = 0; i < tensor.rows(); i++) {
      long at = i * tensor.rowBytes() + type.byteSize(from);
      type.codec().decode(tensor.data(), at, part, 0, part.length);
      for (int j = 0; j < part.length; j++) {
        squares[from + j] += (double) part[j] * part[j];
      }
    }
  }
}
