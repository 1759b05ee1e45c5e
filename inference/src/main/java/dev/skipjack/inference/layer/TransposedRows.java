package dev.skipjack.inference.layer;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of transposed copies of matrices. A copy whose rows are packed is dropped at once, so that
 * only one form of it stays in memory. Making them is for one thread.
 */
public final class TransposedRows implements AutoCloseable {
  private final List<Arena> kept = new ArrayList<>();

  /**
   * The rows of {@code source [rows x cols]} as {@code [cols x rows]}.
   *
   * @param kernels own packed rows
   * @param type of the copy, see {@link Transposition#copy}
   */
  public Rows of(KernelProvider kernels, Tensor source, TensorType type, ThreadTeam team) {
    return bundle(kernels, List.of(), source, type, team).getLast();
  }

  /**
   * The rows of other matrices and, last, those of {@code source} as {@code [cols x rows]}, all of
   * which are read together.
   */
  public List<Rows> bundle(
      KernelProvider kernels,
      List<Tensor> others,
      Tensor source,
      TensorType type,
      ThreadTeam team) {
    Arena arena = Arena.ofShared();
    kept.add(arena);
    List<Tensor> all = new ArrayList<>(others);
    all.add(Transposition.copy(source, type, arena, team));
    List<Rows> rows = kernels.bundle(all);
    // A row-major matrix reads the copy itself.
    if (!(rows.getLast() instanceof RowMatrix)) {
      kept.removeLast().close();
    }
    return rows;
  }

  /** Frees the copies that were not packed. */
  @Override
  public void close() {
    kept.forEach(Arena::close);
    kept.clear();
  }
}
