package dev.skipjack.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SixBitFactorsTest {
  private static final int RUN = 16;
  private static final int[][] SHIFTS = {{0, 6, 12}, {0, 6, 12}, {0, 6, 12, 14}};

  /** Words of random weights times the factors, against the weights times the quants. */
  @Test
  void shiftedWordsTimesFactorsAreTheProduct() {
    Random random = new Random(7);
    Activations x = new Activations(3, 96);
    for (int round = 0; round < 50; round++) {
      for (int token = 0; token < x.tokens(); token++) {
        fill(x, token, random);
        int[] factors = x.sixes(token);
        for (int run = 0; run < x.cols() / RUN; run++) {
          int[] weights = random.ints(RUN, 0, 64).toArray();
          int first = token * x.cols() + run * RUN;
          int at = first / RUN * Activations.SIXES;
          for (int half = 0; half < 2; half++) {
            int expected = 0;
            for (int i = half * 8; i < half * 8 + 8; i++) {
              expected += (weights[i] - 32) * x.quants()[first + i];
            }
            assertThat(product(weights, half, factors, at)).isEqualTo((short) expected);
          }
        }
      }
    }
  }

  private static void fill(Activations x, int token, Random random) {
    for (int i = token * x.cols(); i < (token + 1) * x.cols(); i++) {
      x.quants()[i] = (short) random.nextInt(-127, 128);
    }
    x.quantized(token);
  }

  /** In 16 bits, as lanes compute it. */
  private static short product(int[] weights, int half, int[] factors, int at) {
    int[] w = new int[8];
    System.arraycopy(weights, half * 8, w, 0, 8);
    int[] words = {
      w[0] | w[1] << 6 | (w[2] & 15) << 12,
      w[3] | w[4] << 6 | (w[5] & 15) << 12,
      w[6] | w[7] << 6 | w[2] >> 4 << 12 | w[5] >> 4 << 14
    };
    int sum = factors[at + 10] >> 16 * half;
    int factor = at;
    for (int i = 0; i < words.length; i++) {
      for (int shift : SHIFTS[i]) {
        sum += (words[i] >>> shift) * (factors[factor++] >> 16 * half);
      }
    }
    return (short) sum;
  }
}
