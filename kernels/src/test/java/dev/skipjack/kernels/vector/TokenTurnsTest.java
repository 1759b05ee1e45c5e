package dev.skipjack.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skipjack.kernels.TokenTiles;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiles of inputs against those that are filled value by value. */
class TokenTurnsTest {
  private static final int FROM = 3;
  private static final int TO = 5;

  @BeforeEach
  void vectorsAreWideEnough() {
    assumeTrue(Species.LANES >= 8, "vectors of 128 bits hold too few columns of two tokens");
  }

  @ParameterizedTest
  @CsvSource({"1, 32", "2, 32", "3, 64", "4, 96", "5, 224", "6, 32", "6, 256"})
  void tilesAreThoseOfScalarCode(int tokens, int cols) {
    int stride = cols + 32;
    var random = new SplittableRandom(tokens);
    short[] q = new short[FROM + tokens * stride];
    for (int i = 0; i < q.length; i++) {
      q[i] = (short) random.nextInt(-127, 128);
    }
    int length = TO + TokenTiles.TOKENS * cols + 1;
    int[] expected = new int[length];
    int[] actual = new int[length];
    TokenTiles.spread(q, FROM, stride, tokens, cols, expected, TO);
    TokenTurns.spread(q, FROM, stride, tokens, cols, actual, TO);
    clearMissing(tokens, cols, actual);
    assertThat(actual).containsExactly(expected);
    int[] last = {q[FROM + (tokens - 1) * stride + cols - 1]};
    assertThat(expected[TO + (cols - 1) * TokenTiles.TOKENS + tokens - 1])
        .isEqualTo(last[0] & 0xffff | last[0] << 16);
  }

  /** Places of missing tokens may hold anything. */
  private static void clearMissing(int tokens, int cols, int[] tile) {
    for (int c = 0; c < cols; c++) {
      int at = TO + c * TokenTiles.TOKENS;
      Arrays.fill(tile, at + tokens, at + TokenTiles.TOKENS, 0);
    }
  }
}
