package dev.skipjack.kernels.team;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkCounterTest {
  @Test
  void everyChunkOfEveryPhaseIsClaimedOnce() {
    int chunks = 257;
    int phases = 200;
    WorkCounter counter = new WorkCounter();
    int[] claims = new int[chunks];
    try (ThreadTeam team = new ThreadTeam(4)) {
      team.run(
          worker -> {
            for (int phase = 0; phase < phases; phase++) {
              if (worker.isLead()) {
                counter.reset();
              }
              worker.barrier();
              for (int chunk = counter.claim(); chunk < chunks; chunk = counter.claim()) {
                claims[chunk]++;
              }
              worker.barrier();
            }
          });
    }
    assertThat(Arrays.stream(claims).distinct().toArray()).containsExactly(phases);
  }
}
