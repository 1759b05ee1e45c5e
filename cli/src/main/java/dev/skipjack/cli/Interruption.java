package dev.skipjack.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a running command end well when the user presses Ctrl-C or the process is told to go: the
 * JVM's shutdown waits until the command has flushed, said its last words and closed this. The JVM
 * itself then exits with 130 (or 143).
 */
final class Interruption implements AutoCloseable {
  /** A command that hears nothing for so long, in a huge prefill, is left behind. */
  private static final long PATIENCE_SECONDS = 3;

  /** The shell's exit code for a command ended by Ctrl-C. */
  static final int EXIT_CODE = 130;

  private final Thread command = Thread.currentThread();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::request, "interruption");
  private volatile boolean requested;

  private Interruption() {}

  /** Starts to listen on behalf of the current thread. */
  static Interruption listen() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Whether the command should stop. */
  boolean requested() {
    return requested;
  }

  /** Asks the command to stop, interrupts its thread and waits until it has. */
  void request() {
    requested = true;
    command.interrupt();
    try {
      finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Clears the thread's interrupt, which has done its work, so that it disturbs no clean-up. */
  void acknowledge() {
    Thread.interrupted();
  }

  /** Says that the command has stopped. */
  @Override
  public void close() {
    if (!requested) {
      stopListening();
    }
    finished.countDown();
  }

  private void stopListening() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The shutdown began this instant; the hook sees finished and returns.
    }
  }
}
