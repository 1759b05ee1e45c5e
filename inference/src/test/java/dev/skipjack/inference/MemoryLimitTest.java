package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {
  @Test
  void theSmallestSoftLimitCounts() {
    List<String> limits =
        List.of(
            "Limit                     Soft Limit           Hard Limit           Units     ",
            "Max file size             1000                 unlimited            bytes     ",
            "Max data size             2662400000           unlimited            bytes     ",
            "Max resident set          unlimited            1000                 bytes     ",
            "Max locked memory         8388608              8388608              bytes     ",
            "Max address space         9000000000           9000000000           bytes     ");
    assertThat(MemoryLimit.smallest(limits)).isEqualTo(2_662_400_000L);
  }

  @Test
  void whereNothingIsLimitedTheMachineIs() {
    assertThat(
            MemoryLimit.smallest(
                List.of(
                    "Max data size             unlimited            unlimited      bytes     ")))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(MemoryLimit.smallest(List.of())).isEqualTo(Long.MAX_VALUE);
    assertThat(MemoryLimit.bytes()).isPositive();
  }
}
