package dev.skipjack.inference.layer;

import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Makes transposed copies of matrices in native memory. Stateless. */
public final class Transposition {
  /** Whole blocks of every type that copies are made in. */
  private static final int TILE_ROWS = 64;

  private static final int TILE_COLS = 256;

  private Transposition() {}

  /**
   * A copy of {@code source [rows x cols]} as {@code [cols x rows]}.
   *
   * @param type of the copy; {@code rows} must be whole blocks of it, and a block at most 64 values
   * @param arena owns the copy
   * @param team does the work
   */
  public static Tensor copy(Tensor source, TensorType type, Arena arena, ThreadTeam team) {
    long[] shape = {source.cols(), source.rows()};
    MemorySegment data = arena.allocate(type.byteSize(source.elementCount()), Long.SIZE);
    Tensor copy = new Tensor(source.name() + " (transposed)", type, shape, data);
    team.run(worker -> transpose(worker, source, copy));
    return copy;
  }

  /** Transposes this worker's columns, a tile at a time so that both sides stay in cache. */
  private static void transpose(Worker worker, Tensor source, Tensor copy) {
    int rows = source.rows();
    int block = source.type().blockLength();
    int strip = block * Math.max(1, TILE_COLS / block);
    float[] tile = new float[TILE_ROWS * strip];
    float[] column = new float[TILE_ROWS];
    int to = worker.to(source.cols(), strip);
    for (int col = worker.from(source.cols(), strip); col < to; col += strip) {
      int width = Math.min(strip, to - col);
      for (int row = 0; row < rows; row += TILE_ROWS) {
        int height = Math.min(TILE_ROWS, rows - row);
        read(source, row, height, col, width, tile);
        for (int c = 0; c < width; c++) {
          for (int r = 0; r < height; r++) {
            column[r] = tile[r * width + c];
          }
          long at = copy.type().byteSize((long) (col + c) * rows + row);
          copy.type().codec().encode(column, 0, height, copy.data(), at);
        }
      }
    }
  }

  private static void read(Tensor source, int row, int height, int col, int width, float[] tile) {
    TensorType type = source.type();
    for (int r = 0; r < height; r++) {
      long at = (row + r) * source.rowBytes() + type.byteSize(col);
      type.codec().decode(source.data(), at, tile, r * width, width);
    }
  }
}
