package dev.skipjack.kernels.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  private static final Path SETTING = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  @Test
  void piecesAreZeroAlignedAndApart() {
    try (NativeMemory memory = new NativeMemory()) {
      List<MemorySegment> pieces = new ArrayList<>();
      for (long size : new long[] {1, 64, 65, 4096, 3_000_001, 7}) {
        MemorySegment piece = memory.allocate(size);
        assertThat(piece.byteSize()).isEqualTo(size);
        assertThat(piece.address() % 64).isZero();
        assertThat(piece.mismatch(MemorySegment.ofArray(new byte[(int) size]))).isEqualTo(-1);
        piece.fill((byte) (pieces.size() + 1));
        pieces.add(piece);
      }
      for (int i = 0; i < pieces.size(); i++) {
        byte[] bytes = pieces.get(i).toArray(ValueLayout.JAVA_BYTE);
        assertThat(bytes).containsOnly((byte) (i + 1));
      }
    }
  }

  @Test
  void whatDoesNotFitIntoAMappingGetsItsOwn() {
    try (NativeMemory memory = new NativeMemory()) {
      MemorySegment before = memory.allocate(1000);
      MemorySegment large = memory.allocate(NativeMemory.MAPPING + 5);
      MemorySegment after = memory.allocate(1000);
      before.fill((byte) 1);
      large.set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
      large.set(ValueLayout.JAVA_BYTE, NativeMemory.MAPPING + 4, (byte) 3);
      after.fill((byte) 4);
      assertThat(before.get(ValueLayout.JAVA_BYTE, 999)).isEqualTo((byte) 1);
      assertThat(large.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
      assertThat(large.get(ValueLayout.JAVA_BYTE, NativeMemory.MAPPING + 4)).isEqualTo((byte) 3);
    }
  }

  @Test
  void closedMemoryIsGone() {
    NativeMemory memory = new NativeMemory();
    MemorySegment piece = memory.allocate(100);
    memory.close();
    assertThatThrownBy(() -> piece.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  /** The kernel lists the wish for huge pages among the flags of a mapping. */
  @Test
  void asksForHugePages() throws IOException {
    assumeThat(HugePages.ofSystem()).as("Linux with native access enabled").isPresent();
    assumeThat(SETTING).as("transparent huge pages").exists();
    assumeThat(Files.readString(SETTING)).as("huge pages").doesNotContain("[never]");
    try (NativeMemory memory = new NativeMemory()) {
      MemorySegment piece = memory.allocate(4 * HugePages.SIZE);
      assertThat(piece.address() % HugePages.SIZE).isZero();
      assertThat(flags(piece.address())).contains(" hg");
    }
  }

  private static String flags(long address) throws IOException {
    boolean here = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        String[] range = line.split("[- ]");
        here =
            Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
                && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0;
      } else if (here && line.startsWith("VmFlags:")) {
        return line;
      }
    }
    return "";
  }
}
