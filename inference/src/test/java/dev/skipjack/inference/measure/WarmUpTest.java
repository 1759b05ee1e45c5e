package dev.skipjack.inference.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmUpTest {
  /** Seconds of each run; the last is repeated. */
  @ParameterizedTest
  @CsvSource({
    "'1.2, 1.2', 2",
    "'0.5, 0.5, 0.5', 2",
    "'0.1, 0.1, 0.1', 10",
    "'4, 3, 2, 1, 1.02, 1', 5",
    "'1, 1.1, 1.21, 1.1, 1, 1.1, 1.21, 1.1, 1.11, 5', 9",
    "'30', 1",
    "'9, 8, 7, 6, 5, 5', 3"
  })
  void endsWhenTwoRunsAgreeOrItTakesTooLong(String seconds, int expected) {
    double[] times = Arrays.stream(seconds.split(", ")).mapToDouble(Double::parseDouble).toArray();
    Clock clock = new Clock(times);
    assertThat(WarmUp.run(clock::run, () -> clock.nanos)).isEqualTo(expected);
  }

  private static final class Clock {
    private final double[] times;
    private int runs;
    private long nanos;

    Clock(double[] times) {
      this.times = times;
    }

    double run() {
      double time = times[Math.min(runs++, times.length - 1)];
      nanos += Math.round(time * 1e9);
      return time;
    }
  }
}
