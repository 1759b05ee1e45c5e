package dev.skipjack.kernels.support;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Buffers of one kind, each lent to one call at a time, so that kernels work without allocating.
 * Thread-safe and lock-free.
 *
 * <p>A matrix is shared by all workers of all sessions, so it cannot own a buffer, and a {@code
 * ThreadLocal} would keep one alive for every thread that ever computed. The pool keeps at most
 * {@value #SLOTS_PER_PROCESSOR} buffers per processor; a thread looks first where it put its last
 * buffer, which is then warm in its core's cache. More simultaneous calls than that are served by
 * fresh buffers that are dropped afterwards, and so is the buffer of a call that throws.
 */
final class Pool<T> {
  private static final int SLOTS_PER_PROCESSOR = 2;

  private final Supplier<T> maker;
  private final AtomicReferenceArray<T> slots;

  Pool(Supplier<T> maker) {
    this.maker = maker;
    this.slots =
        new AtomicReferenceArray<>(
            SLOTS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
  }

  /** Lends a buffer with unspecified content. */
  T take() {
    int home = home();
    for (int i = 0; i < slots.length(); i++) {
      T buffer = slots.getAndSet((home + i) % slots.length(), null);
      if (buffer != null) {
        return buffer;
      }
    }
    return maker.get();
  }

  /** Takes a buffer back; the caller must not use it again. */
  void give(T buffer) {
    int home = home();
    for (int i = 0; i < slots.length(); i++) {
      if (slots.compareAndSet((home + i) % slots.length(), null, buffer)) {
        return;
      }
    }
  }

  private int home() {
    return (int) (Thread.currentThread().threadId() % slots.length());
  }
}
