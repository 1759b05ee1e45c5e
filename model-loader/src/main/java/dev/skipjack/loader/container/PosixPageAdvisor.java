package dev.skipjack.loader.container;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** {@code posix_madvise} of the C library (POSIX.1-2001). */
final class PosixPageAdvisor implements PageAdvisor {
  /** As Linux and macOS number them; a system with other numbers gets another harmless hint. */
  static final int RANDOM = 1;

  static final int WILL_NEED = 3;

  private static final Logger LOGGER = System.getLogger(PosixPageAdvisor.class.getName());

  private final MethodHandle advise;
  private final long pageSize;

  private PosixPageAdvisor(MethodHandle advise, long pageSize) {
    this.advise = advise;
    this.pageSize = pageSize;
  }

  /**
   * Looks before it links: without the permission to call native code the JVM would print a warning
   * for a hint that nothing depends on.
   */
  static Optional<PageAdvisor> find() {
    Optional<PageAdvisor> found =
        PosixPageAdvisor.class.getModule().isNativeAccessEnabled() ? link() : Optional.empty();
    if (found.isEmpty()) {
      LOGGER.log(
          Level.DEBUG,
          "Files are paged in as the system sees fit: no posix_madvise, or native access was not"
              + " enabled");
    }
    return found;
  }

  @SuppressWarnings("restricted")
  private static Optional<PageAdvisor> link() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    Optional<MemorySegment> advise = library.find("posix_madvise");
    Optional<MemorySegment> pageSize = library.find("getpagesize");
    if (advise.isEmpty() || pageSize.isEmpty()) {
      return Optional.empty();
    }
    FunctionDescriptor size = FunctionDescriptor.of(ValueLayout.JAVA_INT);
    FunctionDescriptor advice =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT);
    try {
      int bytes = (int) linker.downcallHandle(pageSize.get(), size).invokeExact();
      return Optional.of(new PosixPageAdvisor(linker.downcallHandle(advise.get(), advice), bytes));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void scattered(MemorySegment mapped) {
    advise(mapped, 0, mapped.byteSize(), RANDOM);
  }

  @Override
  public void soon(MemorySegment mapped, long offset, long length) {
    advise(mapped, offset, length, WILL_NEED);
  }

  /** Returns an error number, or 0. */
  int advise(MemorySegment mapped, long offset, long length, int advice) {
    long start = mapped.address() + offset;
    long page = start & -pageSize;
    try {
      return (int) advise.invokeExact(page, start - page + length, advice);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Calls of the C library throw nothing. */
  private static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("posix_madvise could not be called", e);
  }
}
