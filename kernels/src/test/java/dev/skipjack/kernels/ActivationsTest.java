package dev.skipjack.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ActivationsTest {
  @Test
  void aNarrowedViewSharesTheStorageInShorterRows() {
    Activations wide = new Activations(3, 100);
    Activations narrow = wide.narrowed(33);

    assertThat(narrow.tokens()).isEqualTo(3);
    assertThat(narrow.cols()).isEqualTo(33);
    assertThat(narrow.blocks()).isEqualTo(2);
    assertThat(narrow.values()).isSameAs(wide.values());
    assertThat(narrow.quants()).isSameAs(wide.quants());
    assertThat(wide.narrowed(100)).isSameAs(wide);
  }

  @Test
  void allViewsGrowTogether() {
    Activations wide = new Activations(1, 100);
    Activations narrow = wide.narrowed(33);

    narrow.reserve(7);

    assertThat(wide.tokens()).isEqualTo(7);
    assertThat(wide.values()).hasSize(700).isSameAs(narrow.values());
    assertThat(wide.byteSize()).isEqualTo(new Activations(7, 100).byteSize());
    float[] values = wide.values();
    wide.reserve(5);
    assertThat(wide.tokens()).isEqualTo(7);
    assertThat(wide.values()).isSameAs(values);
  }

  @Test
  void aViewCannotBeWider() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Activations(3, 100).narrowed(101))
        .withMessage("width: found 101, expected 0 to 100");
  }

  @Test
  void quantsAreArrangedOnDemandAndAgainAfterTheyChange() {
    Activations x = TestTensors.activations(2, 40, 1);
    FloatKernels kernels = KernelProviders.create("scalar").floats();
    kernels.quantize(x, 0, 2);

    assertThat(Arrays.copyOf(x.pairs(1), 32)).containsOnly(0);
    assertPairs(x, 1);
    x.narrowed(33).values()[33] = -100;
    kernels.quantize(x.narrowed(33), 1, 2);
    assertPairs(x.narrowed(33), 1);
    assertPairs(x.narrowed(33), 0);
  }

  @Test
  void workersShareTheArrangementOfOneToken() throws InterruptedException {
    Activations x = TestTensors.activations(2, 5000, 1);
    FloatKernels kernels = KernelProviders.create("scalar").floats();
    for (int round = 0; round < 50; round++) {
      x.values()[5000 + round] = round;
      kernels.quantize(x, 1, 2);
      Thread other = Thread.ofPlatform().start(() -> x.pairs(1));
      assertPairs(x, 1);
      other.join();
      assertPairs(x, 1);
    }
  }

  @Test
  void workersShareTheTilesOfManyTokens() throws InterruptedException {
    int count = 50;
    Activations x = TestTensors.activations(count, 300, 1);
    FloatKernels kernels = KernelProviders.create("scalar").floats();
    for (int round = 0; round < 20; round++) {
      x.values()[round] = round;
      kernels.quantize(x, 0, count);
      Thread other = Thread.ofPlatform().start(() -> x.tiles(count, TokenTiles::spread));
      assertTiles(x, count);
      other.join();
      assertTiles(x, count);
    }
    x.narrowed(33).values()[33] = -100;
    kernels.quantize(x.narrowed(33), 0, 7);
    assertTiles(x.narrowed(33), 7);
  }

  @Test
  void tilesAreCountedOnceTheyAreThere() {
    Activations x = new Activations(7, 300);
    long before = x.byteSize();
    TokenTiles tiles = x.tiles(7, TokenTiles::spread);
    long bytes = 4L * (tiles.quants().length + tiles.scales().length + TokenTiles.tiles(7));
    assertThat(x.byteSize() - before).isEqualTo(bytes).isEqualTo(x.tileBytes());
  }

  private static void assertTiles(Activations x, int count) {
    TokenTiles tiles = x.tiles(count, TokenTiles::spread);
    int size = TokenTiles.TOKENS;
    for (int t = 0; t < count; t++) {
      for (int b = 0; b < x.blocks(); b++) {
        int block = t * x.blocks() + b;
        int to = tiles.place(t / size, b) * size;
        assertThat(tiles.scales()[to + t % size]).isEqualTo(x.scales()[block]);
        for (int c = 0; c < Activations.BLOCK; c++) {
          int value = x.quants()[block * Activations.BLOCK + c];
          assertThat(tiles.quants()[(to * Activations.BLOCK) + c * size + t % size])
              .isEqualTo(value & 0xffff | value << 16);
        }
      }
    }
  }

  private static void assertPairs(Activations x, int token) {
    int block = Activations.BLOCK;
    int[] pairs = x.pairs(token);
    for (int i = token * x.blocks() * block / 2; i < (token + 1) * x.blocks() * block / 2; i++) {
      assertThat((short) pairs[i]).isEqualTo(x.quants()[2 * i]);
      assertThat((short) (pairs[i] >> 16)).isEqualTo(x.quants()[2 * i + 1]);
    }
  }
}
