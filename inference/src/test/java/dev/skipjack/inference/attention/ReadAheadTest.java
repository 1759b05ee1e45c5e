package dev.skipjack.inference.attention;

import static dev.skipjack.inference.attention.ReadAhead.FEWEST_TILES;
import static dev.skipjack.inference.attention.ReadAhead.FIRST_PERIOD;
import static dev.skipjack.inference.attention.ReadAhead.LONGEST_PERIOD;
import static dev.skipjack.inference.attention.ReadAhead.TRIALS;
import static dev.skipjack.inference.attention.ReadAhead.WARM_UP;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is faster is done as long as a period lasts. */
class ReadAheadTest {
  private long now;
  private final ReadAhead readAhead = new ReadAhead(() -> now);

  /** Whether a span was read ahead that takes so long in either way. */
  private boolean span(int tiles, long withReading, long without) {
    boolean ahead = readAhead.begin(tiles);
    now += ahead ? withReading : without;
    readAhead.end();
    return ahead;
  }

  /** Everything is read ahead at first, however long it takes. */
  @BeforeEach
  void warmUp() {
    for (int i = 0; i < WARM_UP; i++) {
      assertThat(span(8, 1_000_000, 1)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"1000, 1400, true", "1400, 1000, false", "1000, 1000, false"})
  void theFasterWayIsChosenAfterBothWereTried(long withReading, long without, boolean expected) {
    for (int i = 0; i < TRIALS; i++) {
      assertThat(span(8, withReading, without)).isEqualTo(i % 2 == 1);
    }
    for (int i = TRIALS; i < FIRST_PERIOD; i++) {
      assertThat(span(8, withReading, without)).isEqualTo(expected);
    }
  }

  @Test
  void spansOfDifferentLengthsAreComparedByTheTile() {
    for (int i = 0; i < TRIALS; i++) {
      int tiles = i % 2 == 1 ? 32 : 4;
      span(tiles, tiles * 1000, tiles * 1400);
    }
    assertThat(span(8, 1000, 1400)).isTrue();
  }

  /** A worker that was interrupted meanwhile has measured something else. */
  @Test
  void theBestOfEachWayCounts() {
    for (int i = 0; i < TRIALS; i++) {
      span(8, i == 5 ? 1000 : 9_000_000, 1400);
    }
    assertThat(span(8, 1000, 1400)).isTrue();
  }

  /** What is compiled meanwhile becomes faster, and what else uses memory may change. */
  @Test
  void everyPeriodIsMeasuredAnew() {
    boolean aheadIsFaster = true;
    for (int period = FIRST_PERIOD; period <= 2 * LONGEST_PERIOD; period *= 2) {
      int spans = Math.min(period, LONGEST_PERIOD);
      for (int i = 0; i < spans; i++) {
        boolean ahead = aheadIsFaster ? span(8, 1000, 1400) : span(8, 1400, 1000);
        assertThat(ahead).isEqualTo(i < TRIALS ? i % 2 == 1 : aheadIsFaster);
      }
      aheadIsFaster = !aheadIsFaster;
    }
  }

  @Test
  void shortSpansAreNeitherReadAheadNorCounted() {
    for (int i = 0; i < TRIALS; i++) {
      assertThat(span(FEWEST_TILES - 1, 1, 1000)).isFalse();
      assertThat(span(8, 1000, 1400)).isEqualTo(i % 2 == 1);
    }
    assertThat(span(FEWEST_TILES - 1, 1, 1000)).isFalse();
    assertThat(span(FEWEST_TILES, 1000, 1400)).isTrue();
  }
}
