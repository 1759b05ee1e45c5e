package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.support.PanelKernel;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The panels of floats against plain sums. */
class VectorPanelsTest {
  private final PanelKernel kernel = new VectorPanels();
  private final int rows = kernel.rows();

  /** One tile, two that share their weights, and one that is left over. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 255", "2, 31", "3, 256", "5, 64"})
  void addsProductsToSums(int tiles, int cols) {
    int tokens = tiles * kernel.tile();
    float[] panel = floats(cols * rows, 1);
    float[] inputs = floats(tokens * PanelKernel.COLS, 2);
    int at = 3;
    float[] sums = floats(at + tokens * rows + 1, 3);
    float[] before = sums.clone();
    kernel.multiply(panel, cols, inputs, tiles, sums, at);
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        double expected = before[at + t * rows + r];
        for (int c = 0; c < cols; c++) {
          expected += (double) panel[c * rows + r] * inputs[t * PanelKernel.COLS + c];
        }
        assertThat((double) sums[at + t * rows + r]).isCloseTo(expected, within(1e-4));
      }
    }
    assertThat(sums[at - 1]).isEqualTo(before[at - 1]);
    assertThat(sums[at + tokens * rows]).isEqualTo(before[at + tokens * rows]);
  }

  /** A token's sums do not depend on whether its tile shares the weights with another. */
  @ParameterizedTest
  @ValueSource(ints = {7, 256})
  void pairsOfTilesGiveTheSumsOfTiles(int cols) {
    int tile = kernel.tile();
    float[] panel = floats(cols * rows, 1);
    float[] inputs = floats(2 * tile * PanelKernel.COLS, 2);
    float[] sums = new float[2 * tile * rows];
    kernel.multiply(panel, cols, inputs, 2, sums, 0);
    float[] alone = new float[2 * tile * rows];
    kernel.multiply(panel, cols, inputs, 1, alone, 0);
    float[] second = Arrays.copyOfRange(inputs, tile * PanelKernel.COLS, inputs.length);
    kernel.multiply(panel, cols, second, 1, alone, tile * rows);
    assertThat(sums).isEqualTo(alone);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 63, 64, 65, 130, 255, 256})
  void turnsRowsIntoColumns(int cols) {
    int turned = kernel.turned();
    float[] space = floats(kernel.turnLength(), 1);
    float[] decoded = space.clone();
    float[] panel = floats(PanelKernel.COLS * rows, 2);
    float[] before = panel.clone();
    int row = rows - turned;
    kernel.turn(space, cols, panel, row);
    for (int c = 0; c < cols; c++) {
      for (int r = 0; r < rows; r++) {
        float expected = r < row ? before[c * rows + r] : decoded[(r - row) * PanelKernel.COLS + c];
        assertThat(panel[c * rows + r]).isEqualTo(expected);
      }
    }
  }
}
