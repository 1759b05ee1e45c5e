package dev.skipjack.kernels;

import static dev.skipjack.kernels.TestTensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.vector.VectorKernelProvider;
import dev.skipjack.loader.container.ModelMemory;
import dev.skipjack.loader.tensor.FilePlace;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows read from a file against the same rows in memory. */
class FileTableTest {
  private static final int ROWS = 64;
  private static final int COLS = 512;

  /** Bytes in front of the tensor, as a container has them. */
  private static final int HEADER = 37;

  @TempDir Path directory;
  private final ModelMemory memory = new ModelMemory();
  private final KernelProvider kernels = new VectorKernelProvider();

  @AfterEach
  void close() {
    memory.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "Q4_0", "Q6_K"})
  void rowsAreThoseInMemory(TensorType type) throws IOException {
    Tensor inMemory = tensor(type, ROWS, COLS, 1);
    RowTable expected = kernels.table(inMemory);
    RowTable table = kernels.table(stored(inMemory));
    assertThat(expected).isInstanceOf(CodecTable.class);
    assertThat(table).isInstanceOf(FileTable.class);
    assertThat(table.cols()).isEqualTo(COLS);
    for (int row = ROWS - 1; row >= 0; row--) {
      assertThat(row(table, row)).containsExactly(row(expected, row));
    }
  }

  /** A part of a tensor lies elsewhere in the file. */
  @Test
  void partsOfATensorKnowTheirPlace() throws IOException {
    Tensor inMemory = tensor(TensorType.Q8_0, ROWS, COLS, 1);
    RowTable expected = kernels.table(inMemory);
    RowTable part = kernels.table(stored(inMemory).rows(40, 2).renamed("part"));
    assertThat(row(part, 1)).containsExactly(row(expected, 41));
    assertThatThrownBy(() -> row(part, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> row(part, -1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void workersReadAtOnce() throws IOException {
    Tensor inMemory = tensor(TensorType.F16, ROWS, COLS, 1);
    RowTable expected = kernels.table(inMemory);
    RowTable table = kernels.table(stored(inMemory));
    AtomicInteger wrong = new AtomicInteger();
    try (ThreadTeam team = new ThreadTeam(4)) {
      team.run(
          worker -> {
            for (int i = 0; i < 2000; i++) {
              int row = (i * 13 + worker.index()) % ROWS;
              if (!Arrays.equals(row(table, row), row(expected, row))) {
                wrong.incrementAndGet();
              }
            }
          });
    }
    assertThat(wrong).hasValue(0);
  }

  private static float[] row(RowTable table, int row) {
    float[] out = new float[COLS + 1];
    table.row(row, out, 1);
    return out;
  }

  /** The same tensor, mapped from a file. */
  private Tensor stored(Tensor tensor) throws IOException {
    byte[] bytes = new byte[HEADER + Math.toIntExact(tensor.byteSize())];
    byte[] blocks = tensor.data().toArray(ValueLayout.JAVA_BYTE);
    System.arraycopy(blocks, 0, bytes, HEADER, blocks.length);
    Path path = Files.write(directory.resolve("weights"), bytes);
    var file = memory.map(path);
    return new Tensor("stored", tensor.type(), tensor.shape(), file.memory().asSlice(HEADER))
        .at(new FilePlace(file, HEADER));
  }
}
