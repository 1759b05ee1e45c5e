package dev.skipjack.kernels.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Test;

class ArrayAlignmentTest {
  private static final int LINE = 64;

  /** More attempts than a garbage collector can spoil. */
  private static final int ATTEMPTS = 5;

  @Test
  void linesBeginWhereTheLibrarySeesMultiplesOfTheirLength() throws Throwable {
    assumeTrue(
        ArrayAlignmentTest.class.getModule().isNativeAccessEnabled(),
        "addresses cannot be told: native access is not enabled");
    MethodHandle memchr = memchr();
    for (int length = 20; length < 60; length++) {
      float[] array = new float[length];
      assertThat(beginsWithALine(MemorySegment.ofArray(array), memchr)).isTrue();
    }
  }

  private static boolean beginsWithALine(MemorySegment array, MethodHandle memchr)
      throws Throwable {
    for (int i = 0; i < ATTEMPTS; i++) {
      int start = ArrayAlignment.lineStart(array);
      assertThat(start).isBetween(0, ArrayAlignment.ROOM - 1);
      MemorySegment used = array.asSlice((long) start * Float.BYTES);
      if ((long) memchr.invokeExact(used, 0, 1L) % LINE == 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns where it finds a byte: the first of an array of zeros. */
  @SuppressWarnings("restricted")
  private static MethodHandle memchr() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find("memchr").orElseThrow(),
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG),
        Linker.Option.critical(true));
  }
}
