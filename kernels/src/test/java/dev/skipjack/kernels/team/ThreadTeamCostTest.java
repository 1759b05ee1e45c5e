package dev.skipjack.kernels.team;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the team must not cost: garbage in steady state and processor time while idle. */
@Timeout(60)
class ThreadTeamCostTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6})
  void runsAndBarriersAllocateNothing(int threads) {
    ThreadTeam.Task task =
        worker -> {
          for (int phase = 0; phase < 4; phase++) {
            worker.distribute(100, 1);
            while (worker.take()) {
              Thread.onSpinWait();
            }
            worker.barrier();
          }
        };
    try (ThreadTeam team = new ThreadTeam(threads)) {
      long[] ids = threadIds(team);
      long[] least = new long[threads];
      Arrays.fill(least, Long.MAX_VALUE);
      // The JVM itself allocates now and then on any thread (linking, recompiling); what a run
      // costs shows in every round.
      for (int round = 0; round < 8; round++) {
        long[] before = THREADS.getThreadAllocatedBytes(ids);
        long lead = THREADS.getCurrentThreadAllocatedBytes();
        runOften(team, task, 300);
        lead = THREADS.getCurrentThreadAllocatedBytes() - lead;
        long[] after = THREADS.getThreadAllocatedBytes(ids);
        least[0] = Math.min(least[0], lead);
        for (int i = 1; i < threads; i++) {
          least[i] = Math.min(least[i], after[i] - before[i]);
        }
      }
      assertThat(least).as("bytes of each worker in 300 runs").containsOnly(0);
    }
  }

  private static void runOften(ThreadTeam team, ThreadTeam.Task task, int times) {
    for (int i = 0; i < times; i++) {
      team.run(task);
    }
  }

  @Test
  void anIdleTeamUsesNoProcessorTime() throws InterruptedException {
    try (ThreadTeam team = new ThreadTeam(3)) {
      long[] ids = threadIds(team);
      Thread.sleep(100);
      long[] before = THREADS.getThreadCpuTime(ids);
      Thread.sleep(300);
      long[] after = THREADS.getThreadCpuTime(ids);
      for (int i = 1; i < ids.length; i++) {
        assertThat(after[i] - before[i]).as("nanoseconds of worker %d", i).isLessThan(5_000_000);
      }
    }
  }

  /** A worker parked at a barrier is idle too, even if it was interrupted. */
  @Test
  void aLongWaitAtABarrierUsesNoProcessorTime() {
    long[] used = new long[1];
    try (ThreadTeam team = new ThreadTeam(2)) {
      team.run(
          worker -> {
            if (worker.isLead()) {
              sleep(400);
              worker.barrier();
            } else {
              Thread.currentThread().interrupt();
              long before = THREADS.getCurrentThreadCpuTime();
              worker.barrier();
              used[0] = THREADS.getCurrentThreadCpuTime() - before;
            }
          });
    }
    assertThat(used[0]).isPositive().isLessThan(100_000_000);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("the lead was interrupted", e);
    }
  }

  private static long[] threadIds(ThreadTeam team) {
    long[] ids = new long[team.size()];
    team.run(worker -> ids[worker.index()] = Thread.currentThread().threadId());
    return ids;
  }
}
