package dev.skipjack.kernels.team;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadTeamFailureTest {
  private static final int PHASES = 3;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void aFailureAtAnyPlaceReachesTheCallerAndTheTeamGoesOn(int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      for (int round = 0; round < 20; round++) {
        for (int index = 0; index < threads; index++) {
          for (int phase = 0; phase <= PHASES; phase++) {
            IllegalArgumentException failure = new IllegalArgumentException("planned");
            ThreadTeam.Task task = failing(index, phase, failure);
            assertThatThrownBy(() -> team.run(task)).isSameAs(failure).hasNoSuppressedExceptions();
            assertWorks(team);
          }
        }
      }
    }
  }

  private static ThreadTeam.Task failing(int index, int phase, RuntimeException failure) {
    return worker -> {
      for (int p = 0; p < PHASES; p++) {
        failIf(worker.index() == index && p == phase, failure);
        worker.barrier();
      }
      failIf(worker.index() == index && phase == PHASES, failure);
    };
  }

  private static void failIf(boolean condition, RuntimeException failure) {
    if (condition) {
      throw failure;
    }
  }

  private static void assertWorks(ThreadTeam team) {
    int[] phases = new int[team.size()];
    team.run(
        worker -> {
          for (int p = 0; p < PHASES; p++) {
            phases[worker.index()]++;
            worker.barrier();
          }
        });
    assertThat(phases).containsOnly(PHASES);
  }

  @Test
  void failuresOfAllWorkersAreKept() {
    try (ThreadTeam team = new ThreadTeam(4)) {
      for (int round = 0; round < 200; round++) {
        assertThatThrownBy(
                () ->
                    team.run(
                        worker -> {
                          throw new IllegalArgumentException("worker " + worker.index());
                        }))
            .isInstanceOf(IllegalArgumentException.class)
            .satisfies(first -> assertThat(first.getSuppressed()).hasSize(3))
            .satisfies(first -> assertThat(first.getSuppressed()).doesNotContain(first));
        assertWorks(team);
      }
    }
  }

  @Test
  void oneExceptionThrownByAllIsNotSuppressedByItself() {
    IllegalArgumentException shared = new IllegalArgumentException("shared");
    try (ThreadTeam team = new ThreadTeam(3)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      worker -> {
                        throw shared;
                      }))
          .isSameAs(shared)
          .hasNoSuppressedExceptions();
    }
  }

  @Test
  void errorsPassUnchanged() {
    StackOverflowError error = new StackOverflowError("planned");
    try (ThreadTeam team = new ThreadTeam(2)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      worker -> {
                        if (!worker.isLead()) {
                          throw error;
                        }
                        worker.barrier();
                      }))
          .isSameAs(error);
      assertWorks(team);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void unevenBarriersFailInsteadOfHanging(int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      for (int round = 0; round < 200; round++) {
        int early = round % threads;
        assertThatIllegalStateException()
            .isThrownBy(
                () ->
                    team.run(
                        worker -> {
                          worker.barrier();
                          if (worker.index() != early) {
                            worker.barrier();
                          }
                        }))
            .withMessageContaining("same barriers");
        assertWorks(team);
      }
    }
  }

  /** A task that swallows everything must still end, and must not hide the failure. */
  @Test
  void aTaskCannotHideAnotherWorkersFailure() {
    IllegalArgumentException failure = new IllegalArgumentException("planned");
    int[] refused = new int[1];
    try (ThreadTeam team = new ThreadTeam(2)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      worker -> {
                        if (!worker.isLead()) {
                          throw failure;
                        }
                        for (int i = 0; i < 100; i++) {
                          try {
                            worker.barrier();
                          } catch (RuntimeException e) {
                            refused[0]++;
                          }
                        }
                      }))
          .isSameAs(failure);
      assertThat(refused[0]).isEqualTo(100);
      assertWorks(team);
    }
  }
}
