package dev.skipjack.kernels;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.kernels.scalar.ScalarKernelProvider;
import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.container.PageAdvisor;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a system is told about mapped matrices, and that they are still the same matrices. */
class PagingProviderTest {
  private static final int ROWS = 40;
  private static final int COLS = 96;
  private static final int[] LIST = {9, 3, 4, 5, 30, 39};

  @TempDir Path directory;
  private final Arena arena = Arena.ofConfined();
  private final KernelProvider plain = new ScalarKernelProvider();
  private final Recorder recorder = new Recorder();
  private final PagingProvider paging = new PagingProvider(plain, recorder);
  private Tensor mapped;
  private Tensor other;

  @BeforeEach
  void map() throws IOException {
    mapped = map("first", 1);
    other = map("other", 2);
  }

  private Tensor map(String name, long seed) throws IOException {
    Tensor source = tensor(TensorType.Q8_0, ROWS, COLS, seed);
    Path file = directory.resolve(name);
    Files.write(file, source.data().toArray(ValueLayout.JAVA_BYTE));
    return new Tensor(name, source.type(), source.shape(), MappedFiles.map(file, arena));
  }

  @AfterEach
  void unmap() {
    arena.close();
  }

  @Test
  void matricesReadWholeAreAnnouncedPieceByPiece() {
    float[] y = new float[ROWS];
    paging.dense(mapped).multiply(activations(1, COLS, 3), 1, 8, 24, y, 0, ROWS);
    assertThat(recorder.told).containsExactly(soon(mapped, 8, 24));

    float[] expected = new float[ROWS];
    plain.dense(mapped).multiply(activations(1, COLS, 3), 1, 8, 24, expected, 0, ROWS);
    assertThat(y).containsExactly(expected);
  }

  @Test
  void longAnnouncementsAreDivided() throws IOException {
    Path file = directory.resolve("long");
    Files.write(file, new byte[400 << 10]);
    Tensor tensor =
        new Tensor("long", TensorType.F32, new long[] {100, 1024}, MappedFiles.map(file, arena));
    float[] y = new float[100];
    paging.dense(tensor).multiply(activations(1, 1024, 3), 1, 1, 100, y, 0, 100);
    assertThat(recorder.told)
        .containsExactly(
            soon(tensor, 1, 33), soon(tensor, 33, 65), soon(tensor, 65, 97), soon(tensor, 97, 100));
  }

  @Test
  void matricesReadFromTheirOtherSideAreAnnouncedWhole() {
    float[] y = new float[COLS];
    paging.matrix(mapped).multiplyTransposed(activations(1, ROWS, 3), 1, 0, COLS, y, 0, COLS);
    assertThat(recorder.told).containsExactly(soon(mapped, 0, ROWS));

    float[] expected = new float[COLS];
    plain.matrix(mapped).multiplyTransposed(activations(1, ROWS, 3), 1, 0, COLS, expected, 0, COLS);
    assertThat(y).containsExactly(expected);
  }

  @Test
  void singleRowsAreScatteredAndAnnouncedInRuns() {
    Rows rows = paging.rows(mapped);
    assertThat(recorder.told).containsExactly("scattered first");
    recorder.told.clear();

    assertThat(products(rows)).containsExactly(products(plain.rows(mapped)));
    assertThat(recorder.told).containsExactly(soon(mapped, 3, 6), soon(mapped, 30, 31));
    recorder.told.clear();

    assertThat(sums(rows)).containsExactly(sums(plain.rows(mapped)));
    assertThat(recorder.told)
        .containsExactly(
            soon(mapped, 9, 10), soon(mapped, 3, 6), soon(mapped, 30, 31), soon(mapped, 39, 40));
  }

  @Test
  void rowsOfANeuronAreAnnouncedTogether() {
    List<Rows> bundle = paging.bundle(List.of(mapped, other));
    assertThat(recorder.told).containsExactly("scattered first", "scattered other");
    recorder.told.clear();

    products(bundle.getFirst());
    assertThat(recorder.told)
        .containsExactly(
            soon(mapped, 3, 6), soon(mapped, 30, 31), soon(other, 3, 6), soon(other, 30, 31));
    recorder.told.clear();

    assertThat(sums(bundle.getLast())).containsExactly(sums(plain.rows(other)));
    assertThat(recorder.told).isEmpty();
  }

  @Test
  void nothingIsSaidOfMemory() {
    Tensor copy = tensor(TensorType.Q8_0, ROWS, COLS, 1);
    products(paging.bundle(List.of(copy)).getFirst());
    products(paging.rows(copy));
    assertThat(recorder.told).isEmpty();
  }

  private static float[] products(Rows rows) {
    float[] y = new float[LIST.length];
    rows.multiplyRows(activations(1, COLS, 5), 0, LIST, 1, 5, y, 0);
    return y;
  }

  private static float[] sums(Rows rows) {
    float[] y = new float[COLS];
    rows.addRows(activations(1, LIST.length, 7).values(), 0, LIST, LIST.length, 0, COLS, y, 0);
    return y;
  }

  private static String soon(Tensor tensor, int fromRow, int toRow) {
    long row = tensor.rowBytes();
    return "soon %s %d %d".formatted(tensor.name(), fromRow * row, (toRow - fromRow) * row);
  }

  /** Writes down what it is told. */
  private final class Recorder implements PageAdvisor {
    private final List<String> told = new ArrayList<>();

    @Override
    public void scattered(MemorySegment segment) {
      told.add("scattered " + name(segment));
    }

    @Override
    public void soon(MemorySegment segment, long offset, long length) {
      told.add("soon %s %d %d".formatted(name(segment), offset, length));
    }

    private String name(MemorySegment segment) {
      return segment.equals(mapped.data())
          ? "first"
          : segment.equals(other.data()) ? "other" : "long";
    }
  }
}
