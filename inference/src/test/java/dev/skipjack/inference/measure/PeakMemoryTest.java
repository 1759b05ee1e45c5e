package dev.skipjack.inference.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PeakMemoryTest {
  @Test
  void theHighWaterMarkIsInKibibytes() {
    assertThat(PeakMemory.residentBytes(List.of("VmPeak:\t 9 kB", "VmHWM:\t    12 kB")))
        .hasValue(12 << 10);
    assertThat(PeakMemory.residentBytes(List.of("VmRSS: 12 kB"))).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisProcessHoldsAtLeastItsHeap() {
    long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    assertThat(PeakMemory.residentBytes().orElseThrow()).isGreaterThan(used / 2);
  }
}
