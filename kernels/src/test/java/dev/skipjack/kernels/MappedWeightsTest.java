package dev.skipjack.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.vector.VectorKernelProvider;
import dev.skipjack.loader.container.MappedFile;
import dev.skipjack.loader.container.ModelMemory;
import dev.skipjack.loader.tensor.FilePlace;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How much of a mapped file is in the memory of the process while and after it is read. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "pages are counted in /proc")
class MappedWeightsTest {
  private static final int COLS = 4096;
  private static final int ROWS = 8192;
  private static final long MEGABYTE = 1L << 20;

  /** A page brings at most this much with it. */
  private static final long NEIGHBOURS = 2 * MEGABYTE;

  @TempDir Path directory;
  private final ModelMemory memory = new ModelMemory();
  private final ThreadTeam team = new ThreadTeam(2);
  private Path path;
  private Tensor tensor;

  @BeforeEach
  void map() throws IOException {
    path = directory.resolve("weights");
    long bytes = TensorType.BF16.byteSize((long) ROWS * COLS);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes);
      for (int row = 0; row < ROWS; row++) {
        file.seek(2L * row * COLS);
        file.writeShort(row);
      }
    }
    MappedFile file = memory.map(path);
    tensor =
        new Tensor("weights", TensorType.BF16, new long[] {ROWS, COLS}, file.memory())
            .at(new FilePlace(file, 0));
  }

  @AfterEach
  void unmap() {
    team.close();
    memory.close();
  }

  @Test
  void packingHoldsOneSliceOfTheOriginalAtATime() {
    List<Long> resident = Collections.synchronizedList(new ArrayList<>());
    Watched watched = new Watched(target -> resident.add(resident()));
    try (PackingProvider kernels = new PackingProvider(watched, team)) {
      kernels.dense(tensor);
      assertThat(kernels.packedBytes()).isEqualTo(tensor.byteSize());
    }
    assertThat(tensor.byteSize()).isEqualTo(64 * MEGABYTE);
    assertThat(Collections.max(resident)).isBetween(4 * MEGABYTE, 16 * MEGABYTE + 3 * NEIGHBOURS);
    assertThat(resident()).isLessThanOrEqualTo(NEIGHBOURS);
  }

  @Test
  void slicesMakeWholeCopies() {
    List<MemorySegment> copies = Collections.synchronizedList(new ArrayList<>());
    try (PackingProvider kernels = new PackingProvider(new Watched(copies::add), team)) {
      kernels.dense(tensor);
      assertThat(copies.getFirst().mismatch(tensor.data())).isEqualTo(-1);
    }
  }

  @Test
  void tablesTouchNoPageOfTheMapping() {
    RowTable table = new VectorKernelProvider().table(tensor);
    float[] row = new float[COLS];
    for (int i = 0; i < ROWS; i += ROWS / 64) {
      table.row(i, row, 0);
    }
    assertThat(resident()).isZero();
  }

  /** Bytes of the mapping that this process holds. */
  private long resident() {
    try {
      boolean ours = false;
      for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
        if (line.endsWith(path.toString())) {
          ours = true;
        } else if (ours && line.startsWith("Rss:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
      throw new IllegalStateException(path + " is not mapped");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The vector kernels, whose layouts tell a test what was packed. */
  private static final class Watched extends ForwardingProvider {
    private final Consumer<MemorySegment> packed;

    Watched(Consumer<MemorySegment> packed) {
      super(new VectorKernelProvider());
      this.packed = packed;
    }

    @Override
    public Optional<PackedTensor> packed(Tensor tensor) {
      return kernels.packed(tensor).map(layout -> new Layout(layout, packed));
    }
  }

  /** A layout that tells after each of its shares where it was packed to. */
  private record Layout(PackedTensor layout, Consumer<MemorySegment> packed)
      implements PackedTensor {
    @Override
    public long byteSize() {
      return layout.byteSize();
    }

    @Override
    public int parts() {
      return layout.parts();
    }

    @Override
    public boolean survey(int from, int to) {
      return layout.survey(from, to);
    }

    @Override
    public void pack(MemorySegment target, int from, int to) {
      layout.pack(target, from, to);
      packed.accept(target);
    }

    @Override
    public Matrix matrix(MemorySegment target) {
      return layout.matrix(target);
    }
  }
}
