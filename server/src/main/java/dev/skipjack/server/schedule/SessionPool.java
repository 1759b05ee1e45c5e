package dev.skipjack.server.schedule;

import dev.skipjack.inference.GenerationListener;
import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.LanguageModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sessions of a server. Requests get them in the order of their arrival, each the one that
 * already holds most of the beginning of its prompt. Thread-safe.
 */
public final class SessionPool implements AutoCloseable {
  private final LanguageModel model;
  private final int parallel;
  private final int queue;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Free sessions, the least recently used first. */
  private final List<Slot> idle = new ArrayList<>();

  /** One entry per waiting request, the first to come first. */
  private final Deque<Object> waiting = new ArrayDeque<>();

  private int busy;
  private int made;
  private volatile boolean cancelled;

  /**
   * @param parallel most sessions
   * @param queue most requests that wait for one
   */
  public SessionPool(LanguageModel model, int parallel, int queue) {
    this.model = model;
    this.parallel = parallel;
    this.queue = queue;
  }

  /**
   * Waits for a session and answers with it.
   *
   * @throws UnavailableException if too many requests wait already or the server shuts down
   * @throws InterruptedException if interrupted while waiting
   */
  public Answer generate(GenerationRequest request, GenerationListener listener)
      throws InterruptedException {
    Slot slot = acquire(request.prompt());
    try {
      return slot.run(request, new Cancellable(listener));
    } finally {
      release(slot);
    }
  }

  /** Requests that a session works on. */
  public int running() {
    lock.lock();
    try {
      return busy;
    } finally {
      lock.unlock();
    }
  }

  /** Requests that wait for a session. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #cancel} was called. */
  public boolean isCancelled() {
    return cancelled;
  }

  /** Sends waiting and later requests away and lets running ones end at their next step. */
  public void cancel() {
    lock.lock();
    try {
      cancelled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Cancels, waits until no session computes any more, and frees all sessions. */
  @Override
  public void close() {
    cancel();
    lock.lock();
    try {
      while (busy > 0) {
        changed.awaitUninterruptibly();
      }
      idle.forEach(Slot::close);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }

  private Slot acquire(int[] prompt) throws InterruptedException {
    lock.lock();
    try {
      requireOpen();
      if (!waiting.isEmpty() || !available()) {
        await();
      }
      Slot slot = choose(prompt);
      busy++;
      return slot;
    } finally {
      lock.unlock();
    }
  }

  /** Returns when it is the caller's turn and a session is free. */
  private void await() throws InterruptedException {
    if (waiting.size() >= queue) {
      throw new UnavailableException(
          "all %d sessions are busy and %d requests wait; try again later"
              .formatted(parallel, waiting.size()));
    }
    Object ticket = new Object();
    waiting.add(ticket);
    try {
      while (waiting.peek() != ticket || !available()) {
        changed.await();
        requireOpen();
      }
    } finally {
      waiting.remove(ticket);
      changed.signalAll();
    }
  }

  private boolean available() {
    return busy < parallel;
  }

  private void requireOpen() {
    if (cancelled) {
      throw new UnavailableException("the server is shutting down");
    }
  }

  /**
   * The free session with the longest common beginning, the least recently used among equals. One
   * that would forget more than it saves is left to its conversation while there may be another.
   */
  private Slot choose(int[] prompt) {
    Optional<Slot> best = idle.stream().max(Comparator.comparingInt(slot -> slot.common(prompt)));
    boolean mayMake = busy + idle.size() < parallel;
    if (best.isEmpty() || (mayMake && 2 * best.get().common(prompt) < best.get().size())) {
      return new Slot(model, ++made);
    }
    idle.remove(best.get());
    return best.get();
  }

  private void release(Slot slot) {
    if (slot.broken()) {
      slot.close();
    }
    lock.lock();
    try {
      busy--;
      if (!slot.broken()) {
        idle.add(slot);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends a generation early when the pool is cancelled. */
  private final class Cancellable implements GenerationListener {
    private final GenerationListener listener;

    private Cancellable(GenerationListener listener) {
      this.listener = listener;
    }

    @Override
    public boolean prefill(int done) {
      return !cancelled && listener.prefill(done);
    }

    @Override
    public boolean text(String piece) {
      return listener.text(piece) && !cancelled;
    }
  }
}
