package dev.skipjack.loader.safetensors;

import java.lang.reflect.Method;

/**
 * Heap bytes the current thread has allocated so far. Reflective, because tests compile inside a
 * module that has no other use for {@code jdk.management}.
 */
final class AllocationMeter {
  private final Object bean;
  private final Method allocatedBytes;

  AllocationMeter() throws ReflectiveOperationException {
    bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    allocatedBytes =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes");
  }

  long bytes() throws ReflectiveOperationException {
    return (long) allocatedBytes.invoke(bean);
  }
}
