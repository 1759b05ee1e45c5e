package dev.skipjack.kernels.team;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadTeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void everyWorkerRunsTheTaskOnce(int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      int[] calls = new int[threads];
      boolean[] leadIsCaller = new boolean[1];
      Thread caller = Thread.currentThread();
      team.run(
          worker -> {
            seen.add(Thread.currentThread());
            calls[worker.index()]++;
            if (worker.isLead()) {
              leadIsCaller[0] = Thread.currentThread() == caller;
            }
          });
      assertThat(team.size()).isEqualTo(threads);
      assertThat(calls).containsOnly(1);
      assertThat(leadIsCaller[0]).isTrue();
      assertThat(seen.stream().map(Thread::getName).filter(n -> n.startsWith("skipjack-worker-")))
          .containsExactlyInAnyOrderElementsOf(workerNames(threads));
      assertThat(seen).hasSize(threads);
      assertThat(seen.stream().filter(t -> t != caller)).allMatch(Thread::isDaemon);
    }
  }

  private static List<String> workerNames(int threads) {
    return IntStream.range(1, threads).mapToObj(i -> "skipjack-worker-" + i).toList();
  }

  /**
   * Each phase a worker derives its cell from its neighbour's cell of the phase before; a lost
   * write or a worker that runs ahead changes the final values.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void whatWasWrittenBeforeABarrierIsVisibleAfterIt(int threads) {
    int phases = threads <= 3 ? 20_000 : 400;
    int stride = 16;
    int[][] cells = new int[2][threads * stride];
    try (ThreadTeam team = new ThreadTeam(threads)) {
      for (int run = 0; run < 5; run++) {
        Arrays.fill(cells[0], 0);
        team.run(
            worker -> {
              int mine = worker.index() * stride;
              int next = (worker.index() + 1) % worker.count() * stride;
              for (int phase = 0; phase < phases; phase++) {
                cells[(phase + 1) & 1][mine] = cells[phase & 1][next] + 1;
                worker.barrier();
              }
            });
        for (int i = 0; i < threads; i++) {
          assertThat(cells[phases & 1][i * stride]).isEqualTo(phases);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void isReusedThousandsOfTimes(int threads) {
    long[] sums = new long[threads];
    try (ThreadTeam team = new ThreadTeam(threads)) {
      for (int run = 0; run < 5_000; run++) {
        int value = run;
        team.run(worker -> sums[worker.index()] += value);
      }
    }
    assertThat(sums).containsOnly(5_000L * 4_999 / 2);
  }

  @Test
  void callsFromSeveralThreadsTakeTurns() throws InterruptedException {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    AtomicInteger runs = new AtomicInteger();
    try (ThreadTeam team = new ThreadTeam(2)) {
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Runnable calls =
            () -> {
              for (int run = 0; run < 500; run++) {
                team.run(
                    worker -> {
                      if (worker.isLead() && inside.getAndIncrement() != 0) {
                        overlaps.incrementAndGet();
                      }
                      worker.barrier();
                      if (worker.isLead()) {
                        inside.decrementAndGet();
                      }
                    });
                runs.incrementAndGet();
              }
            };
        callers.add(
            i % 2 == 0 ? Thread.ofPlatform().start(calls) : Thread.startVirtualThread(calls));
      }
      for (Thread caller : callers) {
        caller.join();
      }
    }
    assertThat(overlaps).hasValue(0);
    assertThat(runs).hasValue(2_000);
  }

  @Test
  void refusesToRunOrCloseInsideItsOwnTask() {
    for (int threads = 1; threads <= 2; threads++) {
      try (ThreadTeam team = new ThreadTeam(threads)) {
        for (int caller = 0; caller < threads; caller++) {
          int who = caller;
          assertThatIllegalStateException()
              .isThrownBy(() -> team.run(only(who, () -> team.run(worker -> {}))))
              .withMessageContaining("run() called inside a task");
          assertThatIllegalStateException()
              .isThrownBy(() -> team.run(only(who, team::close)))
              .withMessageContaining("close() called inside a task");
        }
      }
    }
  }

  @Test
  void aTaskMayRunAnotherTeam() {
    int[] calls = new int[2];
    try (ThreadTeam outer = new ThreadTeam(2);
        ThreadTeam inner = new ThreadTeam(2)) {
      outer.run(worker -> inner.run(nested -> calls[nested.index()]++));
    }
    assertThat(calls).containsOnly(2);
  }

  private static ThreadTeam.Task only(int index, Runnable action) {
    return worker -> {
      if (worker.index() == index) {
        action.run();
      }
    };
  }

  @Test
  void aPendingInterruptNeitherStopsATaskNorGetsLost() {
    int[] phasesDone = new int[2];
    try (ThreadTeam team = new ThreadTeam(2)) {
      for (int run = 0; run < 50; run++) {
        Arrays.fill(phasesDone, 0);
        Thread.currentThread().interrupt();
        team.run(
            worker -> {
              for (int phase = 0; phase < 3; phase++) {
                if (!worker.isLead()) {
                  pause(1);
                }
                phasesDone[worker.index()]++;
                worker.barrier();
              }
            });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(phasesDone).containsOnly(3);
      }
      Thread.currentThread().interrupt();
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptOfAWorkerDoesNotReachTheNextTask() {
    boolean[] interrupted = new boolean[2];
    try (ThreadTeam team = new ThreadTeam(2)) {
      team.run(only(1, () -> Thread.currentThread().interrupt()));
      team.run(worker -> interrupted[worker.index()] = Thread.currentThread().isInterrupted());
    }
    assertThat(interrupted).containsOnly(false);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("a worker was interrupted", e);
    }
  }

  @Test
  void closeEndsTheThreads() {
    ThreadTeam team = new ThreadTeam(4);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    team.run(worker -> threads.add(Thread.currentThread()));
    threads.remove(Thread.currentThread());
    team.close();
    assertThat(threads).hasSize(3).noneMatch(Thread::isAlive);
    team.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> team.run(worker -> {}))
        .withMessageContaining("closed");
  }

  @Test
  void refusesImpossibleSizes() {
    for (int threads : new int[] {Integer.MIN_VALUE, -1, 0, 32_768}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ThreadTeam(threads))
          .withMessageContaining("threads: " + threads);
    }
  }

  @Test
  void theDefaultIsWhatTheJvmMayUse() {
    assertThat(ThreadTeam.defaultThreads())
        .isBetween(1, Runtime.getRuntime().availableProcessors());
  }

  @Test
  void sharesCoverEveryItemOnce() {
    int total = 1_003;
    try (ThreadTeam team = new ThreadTeam(3)) {
      int[] touched = new int[total];
      team.run(
          worker -> {
            for (int i = worker.from(total, 8); i < worker.to(total, 8); i++) {
              touched[i]++;
            }
          });
      assertThat(Arrays.stream(touched).boxed().collect(Collectors.toSet())).containsExactly(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void chunksCoverEveryItemOfEveryLoopOnce(int threads) {
    int[] totals = {0, 1, 7, 8, 1_003, 64, 20_000};
    int[][] touched = Arrays.stream(totals).mapToObj(int[]::new).toArray(int[][]::new);
    try (ThreadTeam team = new ThreadTeam(threads)) {
      for (int run = 1; run <= 50; run++) {
        team.run(
            worker -> {
              for (int loop = 0; loop < totals.length; loop++) {
                worker.distribute(totals[loop], 8);
                while (worker.take()) {
                  assertThat(worker.first() % 8).isZero();
                  assertThat(worker.chunk()).isBetween(0, worker.chunks() - 1);
                  for (int i = worker.first(); i < worker.end(); i++) {
                    touched[loop][i]++;
                  }
                }
                assertThat(worker.take()).isFalse();
                // The loops before share a phase, those behind have one each.
                if (loop >= 3) {
                  worker.barrier();
                }
              }
            });
        for (int[] loop : touched) {
          assertThat(loop).containsOnly(loop.length == 0 ? new int[0] : new int[] {run});
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void longItemsAreTakenOneByOne(int threads) {
    int[] totals = {0, 1, 7, 300, 64};
    int[][] touched = Arrays.stream(totals).mapToObj(int[]::new).toArray(int[][]::new);
    try (ThreadTeam team = new ThreadTeam(threads)) {
      team.run(
          worker -> {
            for (int loop = 0; loop < totals.length; loop++) {
              worker.distributeSingly(totals[loop]);
              while (worker.take()) {
                assertThat(worker.chunk()).isEqualTo(worker.first());
                assertThat(worker.end()).isEqualTo(worker.first() + 1);
                touched[loop][worker.first()]++;
              }
              // The phase has other loops too.
              worker.distribute(100, 8);
              while (worker.take()) {
                assertThat(worker.first() % 8).isZero();
              }
            }
          });
    }
    for (int[] loop : touched) {
      assertThat(loop).containsOnly(loop.length == 0 ? new int[0] : new int[] {1});
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 31, 32, 40, 768, 1_001})
  void chunksOfRowsAreLongEnoughForVectors(int rows) {
    AtomicInteger shortest = new AtomicInteger(Integer.MAX_VALUE);
    AtomicInteger covered = new AtomicInteger();
    try (ThreadTeam team = new ThreadTeam(3)) {
      team.run(
          worker -> {
            worker.distributeRows(rows, 1);
            while (worker.take()) {
              int length = worker.end() - worker.first();
              shortest.accumulateAndGet(length, Math::min);
              covered.addAndGet(length);
            }
          });
    }
    assertThat(covered.get()).isEqualTo(rows);
    assertThat(shortest.get()).isGreaterThanOrEqualTo(Math.min(rows, Worker.LEAST_ROWS));
  }

  @Test
  void aWorkerThatIsHeldUpLeavesItsChunksToTheOthers() {
    AtomicInteger done = new AtomicInteger();
    try (ThreadTeam team = new ThreadTeam(2)) {
      team.run(
          worker -> {
            worker.distribute(1_000, 1);
            if (worker.isLead()) {
              while (done.get() < 1_000) {
                Thread.onSpinWait();
              }
            }
            while (worker.take()) {
              done.addAndGet(worker.end() - worker.first());
            }
            worker.barrier();
          });
      assertThat(done.get()).isEqualTo(1_000);
    }
  }

  @Test
  void waitsAreAddedUpOnlyWhileThatIsOn() {
    AtomicBoolean leadIsHere = new AtomicBoolean();
    ThreadTeam.Task lopsided =
        worker -> {
          if (worker.isLead()) {
            leadIsHere.set(true);
          } else {
            while (!leadIsHere.get()) {
              Thread.onSpinWait();
            }
            leadIsHere.set(false);
            long end = System.nanoTime() + 40_000_000;
            while (System.nanoTime() < end) {
              Thread.onSpinWait();
            }
          }
          worker.barrier();
        };
    try (ThreadTeam team = new ThreadTeam(2)) {
      team.run(lopsided);
      assertThat(team.waitedNanos()).isZero();
      team.timeWaits(true);
      team.run(lopsided);
      long waited = team.waitedNanos();
      assertThat(waited).isGreaterThan(15_000_000);
      team.timeWaits(false);
      team.run(lopsided);
      assertThat(team.waitedNanos()).isEqualTo(waited);
      team.timeWaits(true);
      assertThat(team.waitedNanos()).isZero();
    }
  }
}
