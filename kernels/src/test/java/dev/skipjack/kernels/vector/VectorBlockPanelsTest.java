package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.TokenTiles;
import dev.skipjack.kernels.support.BlockPanel;
import dev.skipjack.kernels.support.BlockPanelKernel;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The integer panels against plain sums, up to the largest that 16 bits must hold. */
class VectorBlockPanelsTest {
  private static final int BLOCK = 32;

  private final BlockPanelKernel kernel = new VectorBlockPanels();
  private final int rows = kernel.rows();
  private final int tile = TokenTiles.TOKENS;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8})
  void randomBlocks(int blocks) {
    var random = new SplittableRandom(blocks);
    check(blocks, 3, () -> random.nextInt(-8, 8), () -> random.nextInt(-127, 128));
  }

  @Test
  void largestSums() {
    check(2, 1, () -> -8, () -> 127);
    check(2, 1, () -> -8, () -> -127);
  }

  private interface Ints {
    int next();
  }

  private void check(int blocks, int tiles, Ints weights, Ints inputs) {
    var random = new SplittableRandom(1);
    short[][] w = shorts(blocks * BLOCK, rows, weights);
    short[][] x = shorts(blocks * BLOCK, tiles * tile, inputs);
    float[] panelScales = floats(blocks * rows, 2);
    // One more panel and one more tile than are multiplied, before them.
    int skipped = TokenTiles.BLOCKS;
    int inputBlocks = skipped + blocks;
    Activations quantized = new Activations((tiles + 1) * tile, inputBlocks * BLOCK);
    for (int t = 0; t < tiles * tile; t++) {
      for (int b = 0; b < blocks; b++) {
        int to = (t + tile) * inputBlocks + skipped + b;
        quantized.scales()[to] = (float) random.nextDouble(-1, 1);
        for (int c = 0; c < BLOCK; c++) {
          quantized.quants()[to * BLOCK + c] = x[b * BLOCK + c][t];
        }
      }
    }
    int at = 5;
    float[] sums = floats(at + tiles * tile * rows, 3);
    float[] before = sums.clone();
    BlockPanel panel = new BlockPanel(rows);
    panel.align();
    put(w, panel);
    System.arraycopy(panelScales, 0, panel.scales(), panel.scalesAt(), panelScales.length);
    TokenTiles packed = quantized.tiles(quantized.tokens(), kernel);
    int first = packed.place(1, skipped);
    kernel.multiply(panel, blocks, packed, first, tiles, sums, at);
    for (int t = 0; t < tiles * tile; t++) {
      for (int r = 0; r < rows; r++) {
        double expected = before[at + t * rows + r];
        double size = 1;
        for (int b = 0; b < blocks; b++) {
          int sum = 0;
          for (int c = b * BLOCK; c < (b + 1) * BLOCK; c++) {
            sum += w[c][r] * x[c][t];
          }
          double scale = quantized.scales()[(t + tile) * inputBlocks + skipped + b];
          // The kernel leaves sums 2^16 times as large.
          double term = sum * 0x1p16 * scale * panelScales[b * rows + r];
          expected += term;
          size += Math.abs(term);
        }
        assertThat((double) sums[at + t * rows + r]).isCloseTo(expected, within(1e-6 * size));
      }
    }
  }

  /** Rows {@code 2 v L + lane} in low halves, {@code L} further on in high ones. */
  private void put(short[][] w, BlockPanel panel) {
    int lanes = rows / 4;
    for (int c = 0; c < w.length; c++) {
      for (int i = 0; i < rows / 2; i++) {
        int low = i / lanes * 2 * lanes + i % lanes;
        int at = panel.weightsAt() + c * rows / 2 + i;
        panel.weights()[at] = w[c][low] & 0xffff | w[c][low + lanes] << 16;
      }
    }
  }

  private static short[][] shorts(int rows, int cols, Ints values) {
    short[][] result = new short[rows][cols];
    for (short[] row : result) {
      for (int i = 0; i < cols; i++) {
        row[i] = (short) values.next();
      }
    }
    return result;
  }
}
