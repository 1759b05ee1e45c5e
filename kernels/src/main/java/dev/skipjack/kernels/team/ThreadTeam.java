package dev.skipjack.kernels.team;

import dev.skipjack.loader.container.MappedFiles;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fixed group of threads that run one task together: every worker runs the same code on its own
 * share and meets the others at {@link Worker#barrier()}. Worker 0 is the thread that calls {@link
 * #run}; the others are daemon threads {@code skipjack-worker-1 ..}, which spin briefly between
 * tasks and then park.
 *
 * <p>Thread-safe: concurrent calls of {@link #run} take turns in order of arrival. Neither a run
 * (unless it has to queue for its turn) nor a barrier allocates. An interrupt neither stops a task
 * nor gets lost: the caller's interrupt status is still set afterwards.
 *
 * <p>Memory: what the caller wrote before {@code run} is visible to every worker; what any worker
 * wrote before a barrier is visible to all after it; what the workers wrote is visible to the
 * caller when {@code run} returns or throws.
 *
 * <p>Threads live until {@link #close()}.
 */
public final class ThreadTeam implements AutoCloseable {
  /**
   * Spins before a worker parks, when each has a processor to itself: some 100 to 500 microseconds,
   * a few times the cost of a wake-up.
   */
  private static final int SPINS = 1 << 13;

  /** With more workers than processors, spinning only keeps the awaited worker from running. */
  private static final int OVERSUBSCRIBED_SPINS = 1 << 4;

  private static final Task NOTHING = worker -> {};

  /** Code that all workers of a team run. */
  @FunctionalInterface
  public interface Task {
    /**
     * One worker's part. Every worker must meet the same number of barriers.
     *
     * @param worker valid on this thread and during this call only
     */
    void run(Worker worker);
  }

  /** Held while a task runs: fair, so that no session that shares the team starves. */
  private final ReentrantLock turn = new ReentrantLock(true);

  private final Member[] members;
  private final WorkerThread[] threads;
  private final Signal started;
  private final Rendezvous rendezvous;

  /** Published to the workers by advancing {@link #started}. */
  private Task task = NOTHING;

  private boolean closed;

  /** Published like {@link #task}. */
  private boolean timed;

  /**
   * Starts {@code threads - 1} daemon threads.
   *
   * @throws IllegalArgumentException if {@code threads} is not in {@code 1 .. 32767}
   */
  public ThreadTeam(int threads) {
    if (threads < 1 || threads > Rendezvous.MAX_WORKERS) {
      throw new IllegalArgumentException(
          "threads: %d is not in 1 .. %d".formatted(threads, Rendezvous.MAX_WORKERS));
    }
    int spins = threads <= defaultThreads() ? SPINS : OVERSUBSCRIBED_SPINS;
    Seat[] seats = new Seat[threads];
    Arrays.setAll(seats, i -> new Seat(spins));
    this.started = new Signal(seats);
    this.rendezvous = new Rendezvous(seats);
    this.members = new Member[threads];
    Arrays.setAll(members, i -> new Member(i, seats[i]));
    this.threads = new WorkerThread[threads - 1];
    startThreads();
  }

  private void startThreads() {
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new WorkerThread(members[i + 1]);
    }
    try {
      for (WorkerThread thread : threads) {
        thread.start();
      }
    } catch (OutOfMemoryError e) {
      // The system refuses more threads: do not leave the ones it granted behind.
      close();
      throw e;
    }
  }

  /**
   * The processors this process may use: what the JVM reports, which honours CPU affinity and the
   * quota of a Linux control group.
   */
  public static int defaultThreads() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Number of workers, the caller included. */
  public int size() {
    return members.length;
  }

  /**
   * Runs a task on all workers and returns when every one of them has finished.
   *
   * <p>If a worker throws, those that wait or will wait at a barrier give up, the others run on to
   * their end, and the first failure is thrown here with later ones suppressed. The team can be
   * used again.
   *
   * @throws IllegalStateException if called from inside a task of this team, if the team is closed,
   *     or if the workers did not all reach the same barriers
   */
  public void run(Task task) {
    Objects.requireNonNull(task, "task");
    refuseInsideTask("run");
    turn.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the thread team is closed");
      }
      if (members.length == 1) {
        members[0].beginPhase();
        complete(task, members[0]);
      } else {
        runTogether(task);
      }
    } finally {
      turn.unlock();
    }
  }

  /**
   * Starts to add up, from zero, how long workers wait for each other, or stops it. While it is on,
   * every barrier costs two looks at the clock; while it is off, nothing.
   *
   * @throws IllegalStateException if called from inside a task of this team
   */
  public void timeWaits(boolean on) {
    refuseInsideTask("timeWaits");
    turn.lock();
    try {
      timed = on;
      if (on) {
        for (Member member : members) {
          member.waited = 0;
        }
      }
    } finally {
      turn.unlock();
    }
  }

  /**
   * Nanoseconds that all workers together have waited at barriers and at the ends of tasks while
   * that was added up.
   *
   * @throws IllegalStateException if called from inside a task of this team
   */
  public long waitedNanos() {
    refuseInsideTask("waitedNanos");
    turn.lock();
    try {
      return Arrays.stream(members).mapToLong(member -> member.waited).sum();
    } finally {
      turn.unlock();
    }
  }

  private void runTogether(Task next) {
    rendezvous.open();
    task = next;
    started.advance();
    execute(members[0]);
    try {
      rendezvous.awaitEnd();
    } finally {
      task = NOTHING;
      if (timed) {
        long end = System.nanoTime();
        for (Member member : members) {
          member.waited += end - member.ended;
        }
      }
    }
  }

  /** A page of a model that is gone must not be reported when the task is over. */
  private static void complete(Task task, Member member) {
    try {
      task.run(member);
    } finally {
      MappedFiles.settle();
    }
  }

  private void execute(Member member) {
    member.chunks.reset();
    try {
      complete(task, member);
    } catch (TaskAbandoned e) {
      // Follows from a failure that another worker has already recorded.
    } catch (Throwable t) {
      rendezvous.fail(t);
    }
    if (timed) {
      member.ended = System.nanoTime();
    }
    rendezvous.leave();
  }

  /**
   * Waits for running tasks, then ends the threads. Closing twice is allowed.
   *
   * @throws IllegalStateException if called from inside a task of this team
   */
  @Override
  public void close() {
    refuseInsideTask("close");
    turn.lock();
    try {
      closed = true;
      started.advance();
      joinThreads();
    } finally {
      turn.unlock();
    }
  }

  private void joinThreads() {
    boolean interrupted = false;
    for (WorkerThread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuseInsideTask(String method) {
    boolean worker = Thread.currentThread() instanceof WorkerThread thread && thread.team() == this;
    if (worker || turn.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "%s() called inside a task of the same team".formatted(method));
    }
  }

  private final class Member implements Worker {
    private final int index;
    private final Seat seat;
    private final Chunks chunks;

    /** Written by the worker inside tasks, by the lead between them; so is {@link #ended}. */
    private long waited;

    private long ended;

    Member(int index, Seat seat) {
      this.index = index;
      this.seat = seat;
      this.chunks = new Chunks(members.length, rendezvous.tickets());
    }

    /** As the only one. */
    private void beginPhase() {
      rendezvous.tickets().set(0);
      chunks.reset();
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public int count() {
      return members.length;
    }

    @Override
    public void barrier() {
      if (members.length == 1) {
        beginPhase();
        return;
      }
      if (timed) {
        long start = System.nanoTime();
        rendezvous.meet(seat);
        waited += System.nanoTime() - start;
      } else {
        rendezvous.meet(seat);
      }
      chunks.reset();
    }

    @Override
    public void distribute(int total, int step) {
      chunks.open(total, step);
    }

    @Override
    public void distributeSingly(int total) {
      chunks.openSingly(total);
    }

    @Override
    public boolean take() {
      return chunks.take();
    }

    @Override
    public int first() {
      return chunks.first();
    }

    @Override
    public int end() {
      return chunks.end();
    }

    @Override
    public int chunk() {
      return chunks.chunk();
    }

    @Override
    public int chunks() {
      return chunks.count();
    }
  }

  private final class WorkerThread extends Thread {
    private final Member member;

    WorkerThread(Member member) {
      super("skipjack-worker-" + member.index);
      this.member = member;
      setDaemon(true);
    }

    ThreadTeam team() {
      return ThreadTeam.this;
    }

    @Override
    public void run() {
      // The first start is 0 -> 1, even if this thread only gets here after it.
      for (int tasks = 0; ; tasks++) {
        member.seat.await(started, tasks);
        if (closed) {
          return;
        }
        execute(member);
        // An interrupt that a task left behind must not reach the next one.
        interrupted();
      }
    }
  }
}
