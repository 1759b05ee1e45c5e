package dev.skipjack.kernels.memory;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Anonymous mappings of Linux that ask for transparent huge pages: {@code mmap} and {@code madvise}
 * of the C library. Pages come zeroed from the kernel when they are first written, so a mapping may
 * be larger than what is used of it. Thread-safe.
 */
final class HugePages {
  /** Of x86-64, and of AArch64 with pages of 4 KB; elsewhere mappings are aligned less well. */
  static final long SIZE = 2L << 20;

  private static final int READ_WRITE = 3;

  /** Private, anonymous, and nothing set aside for what is never written. */
  private static final int FLAGS = 0x02 | 0x20 | 0x4000;

  private static final int NO_FILE = -1;
  private static final long FAILED = -1;
  private static final int WANT_HUGE_PAGES = 14;

  private static final Logger LOGGER = System.getLogger(HugePages.class.getName());

  /** Looked for once: every session has memory of its own. */
  private static final Optional<HugePages> OF_SYSTEM = find();

  private final MethodHandle map;
  private final MethodHandle unmap;
  private final MethodHandle advise;

  private HugePages(MethodHandle map, MethodHandle unmap, MethodHandle advise) {
    this.map = map;
    this.unmap = unmap;
    this.advise = advise;
  }

  /**
   * Those of this system; empty on others than Linux, and without the permission to call native
   * code: the JVM would print a warning for what is only faster.
   */
  static Optional<HugePages> ofSystem() {
    return OF_SYSTEM;
  }

  private static Optional<HugePages> find() {
    Optional<HugePages> found =
        System.getProperty("os.name").equals("Linux")
                && HugePages.class.getModule().isNativeAccessEnabled()
            ? link()
            : Optional.empty();
    if (found.isEmpty()) {
      LOGGER.log(
          Level.DEBUG,
          "Native memory has the pages that the C library gives it: not on Linux, or native"
              + " access was not enabled");
    }
    return found;
  }

  @SuppressWarnings("restricted")
  private static Optional<HugePages> link() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    Optional<MemorySegment> map = library.find("mmap");
    Optional<MemorySegment> unmap = library.find("munmap");
    Optional<MemorySegment> advise = library.find("madvise");
    if (map.isEmpty() || unmap.isEmpty() || advise.isEmpty()) {
      return Optional.empty();
    }
    FunctionDescriptor mapping =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG);
    FunctionDescriptor range =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    FunctionDescriptor advice =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT);
    return Optional.of(
        new HugePages(
            linker.downcallHandle(map.get(), mapping),
            linker.downcallHandle(unmap.get(), range),
            linker.downcallHandle(advise.get(), advice)));
  }

  /**
   * Zeros that begin at a huge page and live as long as the arena; empty if the system refuses so
   * many addresses.
   */
  @SuppressWarnings("restricted")
  Optional<MemorySegment> map(long byteSize, Arena arena) {
    long mapped = Math.addExact(byteSize, SIZE);
    try {
      long start = (long) map.invokeExact(0L, mapped, READ_WRITE, FLAGS, NO_FILE, 0L);
      if (start == FAILED) {
        return Optional.empty();
      }
      long first = Math.ceilDiv(start, SIZE) * SIZE;
      // A hint: without huge pages the memory is as good, only slower.
      int ignored = (int) advise.invokeExact(first, byteSize, WANT_HUGE_PAGES);
      return Optional.of(
          MemorySegment.ofAddress(first)
              .reinterpret(byteSize, arena, memory -> unmap(start, mapped)));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private void unmap(long start, long byteSize) {
    try {
      int ignored = (int) unmap.invokeExact(start, byteSize);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Calls of the C library throw nothing. */
  private static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("memory could not be mapped or given back", e);
  }
}
