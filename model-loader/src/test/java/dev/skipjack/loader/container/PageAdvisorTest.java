package dev.skipjack.loader.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a real system makes of advice about a file of holes, of which no page is in memory yet. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "pages are counted with mincore of Linux")
class PageAdvisorTest {
  private static final long SIZE = 64L << 20;
  private static final long DISTANCE = 1L << 20;

  @TempDir Path directory;
  private final Arena arena = Arena.ofConfined();
  private MemorySegment mapped;
  private PosixPageAdvisor advisor;

  @BeforeEach
  void map() throws IOException {
    Path path = directory.resolve("holes");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    mapped = MappedFiles.map(path, arena);
    advisor = (PosixPageAdvisor) PageAdvisor.ofSystem().orElseThrow();
  }

  @AfterEach
  void unmap() {
    arena.close();
  }

  @Test
  void theSystemAcceptsEveryAdvice() {
    assertThat(advisor.advise(mapped, 0, SIZE, PosixPageAdvisor.RANDOM)).isZero();
    assertThat(advisor.advise(mapped, 12_345, 67_890, PosixPageAdvisor.WILL_NEED)).isZero();
  }

  @Test
  void adviceThatFailsIsNoError() {
    assertThat(advisor.advise(MemorySegment.ofAddress(0), 0, SIZE, PosixPageAdvisor.WILL_NEED))
        .isPositive();
    assertThatNoException().isThrownBy(() -> advisor.soon(MemorySegment.ofAddress(0), 0, SIZE));
  }

  @Test
  void scatteredBytesBringOnlyTheirOwnPages() throws Throwable {
    advisor.scattered(mapped);
    int touched = 0;
    for (long at = 0; at < SIZE; at += DISTANCE) {
      touched += 1 + mapped.get(ValueLayout.JAVA_BYTE, at);
    }
    assertThat(residentPages()).isEqualTo(touched).isEqualTo(SIZE / DISTANCE);
  }

  @Test
  void announcedBytesBringOnlyTheirOwnPages() throws Throwable {
    long announced = 0;
    for (long at = 0; at < SIZE; at += DISTANCE) {
      advisor.soon(mapped, at + 10, 2);
      announced++;
    }
    // Nobody waits for the pages but this test.
    for (int i = 0; i < 500 && residentPages() < announced; i++) {
      Thread.sleep(10);
    }
    assertThat(residentPages()).isEqualTo(announced);
  }

  @SuppressWarnings("restricted")
  private long residentPages() throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle mincore =
        linker.downcallHandle(
            linker.defaultLookup().find("mincore").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS));
    try (Arena scratch = Arena.ofConfined()) {
      // Enough for the smallest page there is.
      MemorySegment pages = scratch.allocate(SIZE / 4096);
      assertThat((int) mincore.invokeExact(mapped, SIZE, pages)).isZero();
      return pages
          .elements(ValueLayout.JAVA_BYTE)
          .filter(page -> (page.get(ValueLayout.JAVA_BYTE, 0) & 1) != 0)
          .count();
    }
  }
}
