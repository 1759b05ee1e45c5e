package dev.skipjack.kernels.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/**
 * Where cache lines begin in Java arrays of ints and floats. The first element of an array is
 * somewhere in a line, and a vector of 512 bits that does not begin with a line takes two accesses
 * to the first-level cache instead of one. A buffer with some {@link #ROOM} can be used from a line
 * on. Thread-safe.
 */
public final class ArrayAlignment {
  /** Elements that a buffer needs beside those that are used. */
  public static final int ROOM = 16;

  private static final int LINE = ROOM * Integer.BYTES;

  private static final FunctionDescriptor SIGNATURE =
      FunctionDescriptor.of(
          ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);

  /**
   * {@code memset} of the C library, which returns the address that it is given. Told to set
   * nothing, it does no more. A constant, so that calls are compiled like those of methods.
   */
  private static final MethodHandle ADDRESS =
      link().orElse(MethodHandles.empty(SIGNATURE.toMethodType()));

  private ArrayAlignment() {}

  /** Empty without the permission to call native code: the JVM would print a warning. */
  @SuppressWarnings("restricted")
  private static Optional<MethodHandle> link() {
    if (!ArrayAlignment.class.getModule().isNativeAccessEnabled()) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("memset")
        .map(set -> linker.downcallHandle(set, SIGNATURE, Linker.Option.critical(true)));
  }

  /**
   * The index of the first element at which a line begins, less than {@link #ROOM}. Another one
   * after a garbage collector has moved the array: whoever asks before each use, and not during it,
   * loses nothing but time. 0 where addresses cannot be told.
   *
   * @param array {@link MemorySegment#ofArray} of ints or floats
   */
  public static int lineStart(MemorySegment array) {
    try {
      long address = (long) ADDRESS.invokeExact(array, 0, 0L);
      return (int) (-address & (LINE - 1)) / Integer.BYTES;
    } catch (Throwable e) {
      throw new IllegalStateException("the address of an array could not be told", e);
    }
  }
}
