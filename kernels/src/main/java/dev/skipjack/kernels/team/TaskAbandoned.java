package dev.skipjack.kernels.team;

/**
 * Unwinds a worker from a barrier after another worker failed. It says nothing by itself, the
 * failure is reported where it happened; so one instance without a stack trace serves all.
 */
final class TaskAbandoned extends RuntimeException {
  static final TaskAbandoned INSTANCE = new TaskAbandoned();

  private static final long serialVersionUID = 1L;

  private TaskAbandoned() {
    super("another worker of the task failed", null, false, false);
  }
}
