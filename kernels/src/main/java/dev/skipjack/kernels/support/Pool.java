package dev.skipjack.kernels.support;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Workspaces of one kind, each lent to one call at a time, so that kernels allocate nothing.
 * Thread-safe and lock-free.
 *
 * <p>A matrix is shared by all workers of all sessions, so it cannot own a workspace, and a {@code
 * ThreadLocal} would keep one alive for every thread that ever computed. The pool keeps at most
 * {@value #SLOTS_PER_PROCESSOR} per processor; a thread looks first where it put its last one,
 * which is then warm in its core's cache. More simultaneous calls than that are served by fresh
 * workspaces that are dropped afterwards, and so is the workspace of a call that throws.
 */
public final class Pool<T> {
  private static final int SLOTS_PER_PROCESSOR = 2;

  private final Supplier<T> fresh;
  private final AtomicReferenceArray<T> slots;

  public Pool(Supplier<T> fresh) {
    this.fresh = fresh;
    this.slots =
        new AtomicReferenceArray<>(
            SLOTS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
  }

  /** Lends a workspace with unspecified content. */
  public T take() {
    int home = home();
    for (int i = 0; i < slots.length(); i++) {
      T lent = slots.getAndSet((home + i) % slots.length(), null);
      if (lent != null) {
        return lent;
      }
    }
    return fresh.get();
  }

  /** Takes a workspace back; the caller must not use it again. */
  public void give(T lent) {
    int home = home();
    for (int i = 0; i < slots.length(); i++) {
      if (slots.compareAndSet((home + i) % slots.length(), null, lent)) {
        return;
      }
    }
  }

  private int home() {
    return (int) (Thread.currentThread().threadId() % slots.length());
  }
}
