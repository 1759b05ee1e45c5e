package dev.skipjack.kernels;

import dev.skipjack.loader.tensor.Tensor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A table in a mapped file whose pages are given back after some rows. A row brings the pages
 * around it into memory, up to 2 MB where the system keeps files in large pieces: the rows of a
 * long text would bring most of the table.
 */
final class TransientTable implements RowTable {
  /** Rows between two returns of pages, a power of two. */
  static final int ROWS = 4;

  private final RowTable table;
  private final Tensor tensor;
  private final AtomicInteger read = new AtomicInteger();

  /**
   * @param table over the tensor
   * @param tensor mapped, and read by nobody else
   */
  TransientTable(RowTable table, Tensor tensor) {
    this.table = table;
    this.tensor = tensor;
  }

  @Override
  public int cols() {
    return table.cols();
  }

  @Override
  public void row(int row, float[] out, int outOffset) {
    table.row(row, out, outOffset);
    // Whoever reads another row meanwhile gets its pages from the file again.
    if (read.incrementAndGet() % ROWS == 0) {
      tensor.data().unload();
    }
  }
}
