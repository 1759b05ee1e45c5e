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
    assertThat(x.pairs()).containsOnly(0);

    x.arrange(1);
    assertThat(Arrays.copyOf(x.pairs(), 32)).containsOnly(0);
    assertPairs(x, 1);
    x.narrowed(33).values()[33] = -100;
    kernels.quantize(x.narrowed(33), 1, 2);
    x.narrowed(33).arrange(1);
    assertPairs(x.narrowed(33), 1);
  }

  private static void assertPairs(Activations x, int token) {
    int block = Activations.BLOCK;
    for (int i = token * x.blocks() * block / 2; i < (token + 1) * x.blocks() * block / 2; i++) {
      assertThat((short) x.pairs()[i]).isEqualTo(x.quants()[2 * i]);
      assertThat((short) (x.pairs()[i] >> 16)).isEqualTo(x.quants()[2 * i + 1]);
    }
  }
}
