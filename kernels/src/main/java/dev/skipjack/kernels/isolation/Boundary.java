package dev.skipjack.kernels.isolation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Calls that C2 cannot see through. Inlined into a common caller, the kernels of several tensor
 * types exceed what C2 compiles in one piece, and vectors it no longer keeps in registers become
 * objects, which costs a factor of ten. It never inlines a method handle that is not a constant to
 * it, such as one in a final field of an ordinary object: so every kernel behind one is compiled by
 * itself, whatever else runs in the process. Such a call takes a few nanoseconds and, arguments
 * being passed as they are, allocates nothing.
 *
 * <p>Fields of records and of hidden classes are no place for these handles: C2 takes them for
 * constants where it knows the object.
 */
public final class Boundary {
  private Boundary() {}

  /** A handle to the only method of that name; its receiver is the first argument. */
  public static MethodHandle to(Class<?> kernels, String name) {
    return to(MethodHandles.lookup(), kernels, name);
  }

  /** The same for kernels that only the owner of the lookup can see. */
  public static MethodHandle to(MethodHandles.Lookup lookup, Class<?> kernels, String name) {
    Method method =
        Arrays.stream(kernels.getDeclaredMethods())
            .filter(candidate -> candidate.getName().equals(name))
            .findAny()
            .orElseThrow(() -> new IllegalArgumentException(kernels + " has no " + name));
    try {
      return lookup.unreflect(method);
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException("%s is not accessible".formatted(method), e);
    }
  }

  /** To be thrown by a caller, since kernels throw nothing that is checked. */
  public static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException("a kernel threw a checked exception", thrown);
    };
  }
}
