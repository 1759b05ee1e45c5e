package dev.skipjack.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Whether someone watches. {@link java.io.Console} answers for standard input and output together,
 * but a progress bar goes to standard error, so this asks the C library's {@code isatty}.
 */
final class StandardError {
  private static final int FILE_DESCRIPTOR = 2;

  private StandardError() {}

  /** Whether standard error is a terminal; false where the system cannot tell. */
  @SuppressWarnings("restricted")
  static boolean isTerminal() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("isatty")
        .map(address -> linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, JAVA_INT)))
        .map(StandardError::ask)
        .orElse(false);
  }

  private static boolean ask(MethodHandle isatty) {
    try {
      return (int) isatty.invokeExact(FILE_DESCRIPTOR) == 1;
    } catch (Throwable e) {
      throw new IllegalStateException("isatty does not throw", e);
    }
  }
}
