package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a file of weights while it is mapped, computes with what is gone, and prints what the
 * boundary would say. A program of its own, because the failure it looks for is the death of the
 * JVM.
 */
final class TruncatedWeights {
  private static final int ROWS = 6;
  private static final int TOKENS = 5;

  /** Rows within a page, and rows of several pages. */
  private static final int[] COLS = {256, 4096};

  /** Tensors begin here: the first page of the file stays. */
  private static final long FIRST_TENSOR = 1 << 16;

  private static final int[] ROW_LIST = {0, 1, 2, 3, 5};

  /** Lines of output for each type. */
  static final int CASES_PER_TYPE = COLS.length * Operation.values().length;

  private TruncatedWeights() {}

  /** Everything that reads weights. */
  private enum Operation {
    MULTIPLY_ONE {
      @Override
      void run(RowMatrix matrix, Activations x, float[] y) {
        matrix.multiply(x, 1, 0, ROWS, y, 0, ROWS);
      }
    },
    MULTIPLY_MANY {
      @Override
      void run(RowMatrix matrix, Activations x, float[] y) {
        matrix.multiply(x, TOKENS, 0, ROWS, y, 0, ROWS);
      }
    },
    MULTIPLY_ROWS {
      @Override
      void run(RowMatrix matrix, Activations x, float[] y) {
        matrix.multiplyRows(x, 1, ROW_LIST, 0, ROW_LIST.length, y, 0);
      }
    },
    ADD_ROWS {
      @Override
      void run(RowMatrix matrix, Activations x, float[] y) {
        matrix.addRows(x.values(), 0, ROW_LIST, ROW_LIST.length, 0, matrix.cols(), y, 0);
      }
    },
    ROW {
      @Override
      void run(RowMatrix matrix, Activations x, float[] y) {
        matrix.row(ROWS - 1, y, 0);
      }
    };

    abstract void run(RowMatrix matrix, Activations x, float[] y);
  }

  private record Case(
      ThreadTeam team, Operation operation, RowMatrix matrix, Activations x, float[] y) {
    /** On the worker that is not this thread. */
    void run() {
      team.run(
          worker -> {
            if (!worker.isLead()) {
              operation.run(matrix, x, y);
            }
          });
    }

    String outcome() {
      try {
        run();
        return "computed with weights that are gone";
      } catch (InternalError e) {
        return MappedFiles.explain("weights", e).getMessage();
      }
    }

    @Override
    public String toString() {
      return "%s %s of %d columns".formatted(matrix.type(), operation, matrix.cols());
    }
  }

  /**
   * @param args how often to run everything before the cut, and the tensor types
   */
  public static void main(String[] args) throws IOException {
    KernelProvider kernels = KernelProviders.create("vector");
    int warmUpCalls = Integer.parseInt(args[0]);
    List<TensorType> types = Arrays.stream(args).skip(1).map(TensorType::valueOf).toList();
    Path path = Files.createTempFile("truncated", ".bin");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        Arena arena = Arena.ofShared();
        ThreadTeam team = new ThreadTeam(2)) {
      file.setLength(FIRST_TENSOR + types.size() * bytesOfLargest());
      List<Case> cases = cases(team, kernels, MappedFiles.map(path, arena), types);
      for (int i = 0; i < warmUpCalls; i++) {
        cases.forEach(Case::run);
      }
      file.setLength(1);
      for (Case read : cases) {
        // Before it runs: whoever reads this wants to know what killed the JVM.
        System.out.print(read + ": ");
        System.out.flush();
        System.out.println(read.outcome());
      }
    } finally {
      Files.delete(path);
    }
  }

  private static List<Case> cases(
      ThreadTeam team, KernelProvider kernels, MemorySegment mapped, List<TensorType> types) {
    List<Case> cases = new ArrayList<>();
    long offset = FIRST_TENSOR;
    for (TensorType type : types) {
      for (int cols : COLS) {
        long[] shape = {ROWS, cols};
        MemorySegment data = mapped.asSlice(offset, type.byteSize((long) ROWS * cols));
        RowMatrix matrix = kernels.matrix(new Tensor("weights", type, shape, data));
        Activations x = new Activations(TOKENS, cols);
        float[] y = new float[Math.max(cols, TOKENS * ROWS)];
        for (Operation operation : Operation.values()) {
          cases.add(new Case(team, operation, matrix, x, y));
        }
      }
      offset += bytesOfLargest();
    }
    return cases;
  }

  /** No type has more bytes to a value than a double. */
  private static long bytesOfLargest() {
    return (long) ROWS * COLS[COLS.length - 1] * Double.BYTES;
  }
}
